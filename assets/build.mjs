// Builds the style sheet and the scripts into motcua/ui/static/ui/build. Run: npm ci --ignore-scripts && node build.mjs
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";
import { buildDesigner } from "./build-designer.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "..", "motcua", "ui", "static", "ui", "build");
const browsers = ["chrome87", "firefox85", "safari14"];

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

const compiled = sass.compile(path.join(here, "sass", "app.scss"), {
  importers: [new sass.NodePackageImporter(here)],
  quietDeps: true,
});
const css = await esbuild.transform(compiled.css, { loader: "css", minify: true, target: browsers });
await writeFile(path.join(out, "app.css"), css.code);

await esbuild.build({
  entryPoints: [path.join(here, "js", "app.js")],
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2020",
  legalComments: "linked",
});

for (const name of ["app.css", "app.js"]) {
  const content = await readFile(path.join(out, name));
  const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
  console.log(`${name}: ${kilobytes(content.length)}, ${kilobytes(brotliCompressSync(content).length)} brotli`);
}

await buildDesigner();
