declare module "virtual:catalogues" {
  const languages: Record<string, () => Promise<{ default: Record<string, string> }>>;
  export default languages;
}
declare module "virtual:wasm" {
  const addresses: string[];
  export default addresses;
}
