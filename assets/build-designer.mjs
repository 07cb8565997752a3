// Builds the three editors of the designer, each for its own page only. Part of build.mjs.
import { mkdir, readFile, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import * as esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "..", "motcua", "designer", "static", "designer", "build");

export async function buildDesigner() {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await esbuild.build({
    entryPoints: ["bpmn.js", "dmn.js", "form.js", "page.css"].map((name) => path.join(here, "designer", name)),
    outdir: out,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2020",
    // one font format is enough for every browser that runs these editors
    loader: { ".woff2": "file", ".woff": "empty", ".ttf": "empty", ".eot": "empty", ".svg": "dataurl" },
    assetNames: "[name]-[hash]",
    legalComments: "linked",
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  for (const name of (await readdir(out)).filter((file) => /\.(js|css)$/.test(file)).sort()) {
    const content = await readFile(path.join(out, name));
    const packed = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
    console.log(`designer/${name}: ${(content.length / 1024).toFixed(0)} KB, ${(packed.length / 1024).toFixed(0)} KB brotli`);
  }
}
