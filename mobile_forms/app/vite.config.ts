import { readFileSync, readdirSync } from "node:fs";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { readCatalogue } from "./src/catalogue.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const CATALOGUES = here("../../schemas/locale");

/** One module with the words of every language, from the house's one catalogue. */
function catalogues(): Plugin {
  const name = "virtual:catalogues";
  return {
    name: "catalogues",
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined;
      const all: Record<string, Record<string, string>> = {};
      for (const language of readdirSync(CATALOGUES, { withFileTypes: true })) {
        if (!language.isDirectory() || language.name.startsWith("_")) continue;
        const file = `${CATALOGUES}/${language.name}/LC_MESSAGES/indelible.po`;
        this.addWatchFile(file);
        all[language.name] = readCatalogue(readFileSync(file, "utf8"));
      }
      return `export default ${JSON.stringify(all)}`;
    },
  };
}

/** Tells the service worker what to keep: every file of this build, under one version. */
function precache(): Plugin {
  return {
    name: "precache",
    enforce: "post",
    generateBundle(_, bundle) {
      const worker = bundle["sw.js"];
      if (!worker || worker.type !== "chunk") throw new Error("no service worker was built");
      const files = Object.keys(bundle).filter((file) => file !== "sw.js" && !file.endsWith(".map"));
      const kept = [...files, "icon.svg", "manifest.webmanifest"].sort();
      const version = createHash("sha256")
        .update(kept.join() + worker.code)
        .digest("hex")
        .slice(0, 16);
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
