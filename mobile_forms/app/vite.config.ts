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

/** A module with the app's words for each language, from the house's one catalogue, and one that brings them: a phone
 * waits for the words of its own language alone. */
function catalogues(): Plugin {
  const name = "virtual:catalogues";
  const folders = readdirSync(CATALOGUES, { withFileTypes: true });
  const languages = folders.filter((each) => each.isDirectory() && /^(?!en$|_)/.test(each.name)).map((each) => each.name);
  return {
    name: "catalogues",
    resolveId: (id) => (id.startsWith(name) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${name}`)) return undefined;
      const language = id.split("/")[1];
      if (!language) return `export default { ${languages.map((each) => `${each}: () => import("${name}/${each}")`).join()} }`;
      const said = textsOf(sources());
      const file = `${CATALOGUES}/${language}/LC_MESSAGES/indelible.po`;
      this.addWatchFile(file);
      const words = Object.entries(readCatalogue(readFileSync(file, "utf8"))).filter(([text]) => said.has(text));
      return `export default ${JSON.stringify(Object.fromEntries(words))}`;
    },
  };
}

const WASM = /"data:application\/wasm;base64,([A-Za-z0-9+/=]+)"/g;

/** The engine's reader of Markdown. Words are shown as they are written, so nobody asks for it. */
const MARKDOWN = "return format(this.chunks);";

/** What the engine brings of cryptography, and what its function `digest` and its own keys need of it. */
const CRYPTOGRAPHY = /requireCore\(\), requireX64Core\(\), requireLibTypedarrays\(\), .*requireBlowfish\(\)/;
const HASHES = "requireCore(), requireMd5(), requireSha1(), requireSha256(), requireSha384(), requireSha512()";

/** Makes the engine a third smaller to send. It carries its WebAssembly as text inside its code: that is taken out
 * into files, whose addresses are a module, so that they are fetched beside the code. Its Markdown and its ciphers are left
 * out. */
function lightEngine(): Plugin {
  const name = "virtual:wasm";
  const files: string[] = [];
  let builds = false;
  return {
    name: "light-engine",
    configResolved: (config) => void (builds = config.command === "build"),
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) => (id === `\0${name}` ? `export default ["__WASM__"]` : undefined),
    transform(code, id) {
      if (!builds || !id.includes("xforms-engine/dist/index")) return undefined;
      if (!code.includes(MARKDOWN) || !CRYPTOGRAPHY.test(code) || code.match(WASM)?.length !== 2) throw new Error("the engine is another one");
      const lighter = code.replace(MARKDOWN, 'throw new Error("words are shown as written");').replace(CRYPTOGRAPHY, HASHES);
      return lighter.replace(WASM, (_, text: string) => {
        const source = Buffer.from(text, "base64");
        const hash = createHash("sha256").update(source).digest("hex").slice(0, 8);
        files.push(`assets/engine-${hash}.wasm`);
        this.emitFile({ type: "asset", fileName: files.at(-1)!, source });
        return `"/field/assets/engine-${hash}.wasm"`;
      });
    },
    renderChunk: (code) => code.replace(`"__WASM__"`, files.map((file) => JSON.stringify(`/field/${file}`)).join()),
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
  plugins: [catalogues(), lightEngine(), precache()],
  test: { include: ["src/**/*.test.ts"], testTimeout: 30_000 },
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
