/// <reference lib="webworker" />
// Keeps the app itself on the phone. Reports and answers are none of its business: it never
// touches the API.
export {};
declare const self: ServiceWorkerGlobalScope;
declare const __PRECACHE__: string[];

const NAME = "indelible-__VERSION__";
const SHELL = "/field/index.html";

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(NAME).then((cache) => cache.addAll(__PRECACHE__.map((file) => `/field/${file}`))),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith("indelible-") && name !== NAME))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// A new version waits until the page says that no form is open.
self.addEventListener("message", (event) => {
  if (event.data === "take over") void self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (!address.pathname.startsWith("/field")) return;
  const wanted = event.request.mode === "navigate" ? SHELL : event.request;
  event.respondWith(
    caches
      .open(NAME)
      .then((cache) => cache.match(wanted, { ignoreSearch: true }))
      .then((kept) => kept ?? fetch(event.request)),
  );
});
