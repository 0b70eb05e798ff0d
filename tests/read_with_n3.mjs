// Reads an RDF file with N3.js and prints a line of JSON for every quad: its four terms, each as
// [kind, value, datatype, language]. Run by tests/test_export.py:
//     node read_with_n3.mjs FOLDER-WITH-NODE_MODULES FILE FORMAT
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, file, format] = process.argv.slice(2);
const { Parser } = createRequire(join(folder, "x.js"))("n3");

const term = (t) => [t.termType, t.value, t.datatype?.value ?? "", t.language ?? ""];
const quads = new Parser({ format }).parse(readFileSync(file, "utf8"));
const lines = quads.map((q) => JSON.stringify([q.subject, q.predicate, q.object, q.graph].map(term)));
process.stdout.write(lines.join("\n") + "\n");
