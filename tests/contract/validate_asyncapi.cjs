// Reads an AsyncAPI document with the reference parser; exits 1 and prints every error it finds.
const { readFileSync } = require("node:fs");
const { Parser } = require("@asyncapi/parser");

(async () => {
  const parser = new Parser();
  const { document, diagnostics } = await parser.parse(readFileSync(process.argv[2], "utf8"));
  const errors = diagnostics.filter((found) => found.severity === 0);
  for (const found of errors) console.error(`${found.path.join(".")}: ${found.message}`);
  if (errors.length || !document) process.exit(1);
  const messages = document.allMessages().all().length;
  const channels = document.allChannels().all().length;
  console.log(JSON.stringify({ version: document.version(), channels, messages }));
})();
