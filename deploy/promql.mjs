// Reads a JSON list of PromQL expressions and answers, for each, where it does not follow the grammar.
import { readFileSync } from "node:fs";
import { parser } from "@prometheus-io/lezer-promql";

const faults = JSON.parse(readFileSync(0, "utf8")).map((expression) => {
  const found = [];
  parser.parse(expression).iterate({
    enter(node) {
      if (node.type.isError) found.push(node.from);
    },
  });
  return found;
});
process.stdout.write(JSON.stringify(faults));
