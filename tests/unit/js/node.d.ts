// Node's own modules, as far as the tests use them; their types are not installed.
declare module "node:test";
declare module "node:crypto";
declare module "node:http";
declare module "node:assert/strict";
declare module "node:fs";
declare module "node:timers/promises";
declare module "node:zlib";
