import { readFileSync, readdirSync } from "node:fs";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { Plugin, Rollup } from "vite";
import { defineConfig } from "vitest/config";
import { readCatalogue, textsOf } from "./src/catalogue.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const CATALOGUES = here("../../schemas/locale");

/** The source of the app, in one text. */
function sources(): string {
  const names = readdirSync(here("src"), { recursive: true, encoding: "utf8" });
  return names.filter((name) => /(?<!\.test)\.tsx?$/.test(name)).map((name) => readFileSync(here(`src/${name}`), "utf8")).join("\n");
}

/** One module with the app's words in every language, from the house's one catalogue. */
function catalogues(): Plugin {
  const name = "virtual:catalogues";
  return {
    name: "catalogues",
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined;
      const said = textsOf(sources());
      const all: Record<string, Record<string, string>> = {};
      for (const language of readdirSync(CATALOGUES, { withFileTypes: true })) {
        if (!language.isDirectory() || language.name.startsWith("_")) continue;
        const file = `${CATALOGUES}/${language.name}/LC_MESSAGES/indelible.po`;
        this.addWatchFile(file);
        const words = Object.entries(readCatalogue(readFileSync(file, "utf8")));
        all[language.name] = Object.fromEntries(words.filter(([text]) => said.has(text)));
      }
      return `export default ${JSON.stringify(all)}`;
    },
  };
}

const contentOf = (file: Rollup.OutputAsset | Rollup.OutputChunk) => (file.type === "chunk" ? file.code : file.source);

/** Tells the service worker what to keep: every file of this build, under one version
 * that changes with any byte of them. */
function precache(): Plugin {
  return {
    name: "precache",
    enforce: "post",
    generateBundle(_, bundle) {
      const worker = bundle["sw.js"];
      if (!worker || worker.type !== "chunk") throw new Error("no service worker was built");
      const files = Object.keys(bundle).filter((file) => file !== "sw.js" && !file.endsWith(".map"));
      const still = readdirSync(here("public"));
      const hash = createHash("sha256").update(worker.code);
      for (const file of files.sort()) hash.update(contentOf(bundle[file]!));
      for (const file of still.sort()) hash.update(readFileSync(here(`public/${file}`)));
      const kept = [...files, ...still].sort();
      const version = hash.digest("hex").slice(0, 16);
      worker.code = worker.code
        .replace("__PRECACHE__", JSON.stringify(kept))
        .replace("__VERSION__", version);
    },
  };
}

export default defineConfig({
  base: "/field/",
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  plugins: [catalogues(), precache()],
  test: { include: ["src/**/*.test.ts"] },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 1000,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: here("index.html"), sw: here("src/sw.ts") },
      output: {
        entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
});
