/** Constructs the page's parts, connects them, and starts. */

import "./lib/language.js"; // before the libraries that ask for the language

import { createReading } from "./app/reading.js";
import { createResults } from "./app/results.js";
import { Runs } from "./app/runs.js";
import { createStart } from "./app/start.js";
import { Client } from "./app/client.js";
import { connectAnnouncements } from "./app/announcing.js";
import { connectBatch } from "./app/batch.js";
import { connectClassroom } from "./app/classroom.js";
import { connectEscape } from "./app/escape.js";
import { connectExperiments } from "./app/experiments.js";
import { connectHood } from "./app/hood.js";
import { connectScript } from "./app/script.js";
import { connectDiagnosis } from "./app/diagnosing.js";
import { keepInOrder } from "./app/order.js";
import { connectPad } from "./app/pad.js";
import { connectViews } from "./app/views.js";
import { Files } from "./app/files.js";
import { SettingsController } from "./app/settings.js";
import { Storing } from "./app/storing.js";
import { connectTeaching } from "./app/teaching.js";
import { Training } from "./app/training.js";
import { follow, page, showError, showMessage } from "./app/state.js";
import { Announcer } from "./components/announcer.js";
import { Answer } from "./components/answer.js";
import { BatchView } from "./components/batch-view.js";
import { ConfusionMatrix } from "./components/confusion-matrix.js";
import { Controls } from "./components/controls.js";
import { Curves } from "./components/curves.js";
import { DrawingPad } from "./components/drawing-pad.js";
import { Gallery } from "./components/gallery.js";
import { Glossary } from "./components/glossary.js";
import { Hint } from "./components/hint.js";
import { Mathematics } from "./components/mathematics.js";
import { NetworkView } from "./components/network-view.js";
import { OwnData } from "./components/own-data.js";
import { PadKeys } from "./components/pad-keys.js";
import { PerDigit } from "./components/per-digit.js";
import { RecipesTable } from "./components/recipes-table.js";
import { RunsTable } from "./components/runs-table.js";
import { Samples } from "./components/samples.js";
import { Score } from "./components/score.js";
import { PreprocessingStages } from "./components/stages.js";
import { Status } from "./components/status.js";
import { Tabs } from "./components/tabs.js";
import { Teacher } from "./components/teacher.js";
import { Transport } from "./components/transport.js";
import { UnitPanel } from "./components/unit-panel.js";
import { VotesView } from "./components/votes.js";
import words from "./article/glossary.json";
import { byId } from "./lib/dom.js";
import { on } from "./lib/events.js";
import { createPictures } from "./lib/pictures.js";
import { onSystemTheme, tintBrowser, toggleTheme } from "./lib/theme.js";
import { isOutdated } from "./lib/version.js";

keepInOrder(byId("board"));
const pad = new DrawingPad(byId("pad"));
const padKeys = new PadKeys(pad);
const answer = new Answer({ digit: byId("prediction"), sure: byId("sure"), unfamiliar: byId("unfamiliar"), bars: byId("probabilities"), seen: byId("seen"), seenCaption: byId("seen-caption") });
const announcer = new Announcer(byId("spoken"));
const stages = new PreprocessingStages(byId("stages"));
const votes = new VotesView(byId("why"));
const teacher = new Teacher(byId("teaching"));
const samples = new Samples(byId("samples"));
const controls = new Controls(byId("settings"));
const transport = new Transport();
const status = new Status();
const score = new Score();
const curves = new Curves(byId("curves"), byId("axis"));
const hint = new Hint(byId("hint"));
const network = new NetworkView(byId("network"));
const unitPanel = new UnitPanel(byId("network"));
const tabs = new Tabs(byId("tabs"));
const confusion = new ConfusionMatrix(byId("panel-confusion"));
const perDigit = new PerDigit(byId("panel-digits"));
const mistakes = new Gallery(byId("panel-mistakes"), { testid: "mistakes", empty: "Not tested yet." });
const examples = new Gallery(byId("panel-examples"), { testid: "examples", empty: "Not tested yet." });
const batchView = new BatchView(byId("panel-batch"));
const runsTable = new RunsTable(byId("panel-runs"));
const recipesTable = new RecipesTable(byId("recipes"));
const mathematics = new Mathematics(byId("mathematics"));
const ownData = new OwnData(byId("own"));

const glossary = new Glossary(words, /** @type {HTMLElement} */ (document.querySelector("footer")));

const client = new Client();
const pictures = createPictures(client.session);
const results = createResults({ client, pictures, confusion, perDigit, mistakes, examples });
const reading = createReading({ client, pictures, pad, answer, stages, votes, network, unitPanel });
const training = new Training(client, { updateResults: results.update, updateReading: reading.look });
const settings = new SettingsController({ client, training, controls, share: byId("share") });
connectDiagnosis({ client, training, settings, hint });
const runs = new Runs({ training, curves, runsTable });
connectBatch({ client, batchView, tabs });
connectHood({ client, training, runs });
connectScript({ client, training, runs });
const storing = new Storing({ client, training, settings, runs });
new Files({ client, training, settings, pad, ownData });
const teaching = connectTeaching({ client, training, reading, pad, teacher });
connectPad({ client, training, pictures, pad, samples, pickers: [confusion, mistakes, examples, unitPanel] });
connectAnnouncements({ announcer, training, pad, padKeys, reading, answer });

const experiments = connectExperiments({ client, training, settings, runs, storing, pad, network, transport, hint, explain: glossary.explain });

const { start, giveUp } = createStart({
  client, training, settings, storing,
  beforeReady: experiments.arrive,
  onStarted: async () => mathematics.compare(await client.session.source(mathematics.names)),
});

on(transport, "train", () => teaching.stop() || training.toggle());
on(transport, "step", () => {
  teaching.stop();
  training.step();
});
on(transport, "reset", () => {
  teaching.stop();
  stages.reset();
  training.reset();
});
on(status, "retry", () => {
  giveUp(); // of a start that waits for a silent line
  training.enqueue(again);
});
async function again() {
  // Its files are no longer there. An address with settings would begin a new network in place of the stored one.
  if (await isOutdated()) storing.hasNetwork ? location.replace(location.pathname) : location.reload();
  else await start();
}
connectEscape([
  { isOpen: () => unitPanel.open, close: () => unitPanel.close() },
]);
on(recipesTable, "choose", (recipe) => settings.choose(recipe));
on(tabs, "select", () => curves.redraw());
on(hint, "update", () => glossary.explain(byId("hint")));
glossary.list(byId("words"));
document.querySelectorAll("dt").forEach(glossary.explain);

function retheme() {
  tintBrowser();
  pad.update();
  network.redraw();
  curves.redraw();
  reading.lookAtUnit();
}
connectClassroom({ client, settings, runs, page, follow, showMessage, showError, redraw: retheme });
byId("theme").addEventListener("click", () => {
  toggleTheme();
  retheme();
});
onSystemTheme(retheme);
tintBrowser();
addEventListener("unhandledrejection", (event) => showError(event.reason));

// Where the guard's script was refused, as by a host that sends a policy of its own, the page does without it.
if (window.digitnetGuard?.started() ?? true) {
  connectViews({ training, transport, status, controls, score, network, ownData, recipesTable, mathematics, named: [answer, network, confusion, perDigit] });
  settings.showAddress();
  results.update().catch(showError);
  training.enqueue(start);
}
