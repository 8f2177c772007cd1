import assert from "node:assert/strict";
import { test } from "node:test";

import { escapeXml } from "../../../web/lib/xml.js";

test("what has a meaning in XML is escaped", () => assert.equal(escapeXml("<a & \"b\" 'c'>"), "&#60;a &#38; &#34;b&#34; &#39;c&#39;&#62;"));

test("what XML forbids is left out", () => assert.equal(escapeXml("a\u0000b\u0008\u001f\ufffe\uffffc\td"), "abc\td"));

test("half a surrogate pair is replaced, a whole one stays", () => assert.equal(escapeXml("x\ud83dy🙂"), "x\ufffdy🙂"));
