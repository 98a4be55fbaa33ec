declare module "virtual:catalogues" {
  const words: Record<string, Record<string, string>>;
  export default words;
}
