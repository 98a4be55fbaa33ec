declare module "virtual:catalogues" {
  const words: Record<string, Record<string, string>>;
  export default words;
}
declare module "virtual:wasm" {
  const addresses: string[];
  export default addresses;
}
