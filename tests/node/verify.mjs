// Reads a list of {key, proof, signals} from standard input, and writes for each whether snarkjs
// accepts it.
import { readFileSync } from "node:fs";
import { groth16 } from "snarkjs";

const accepted = [];
for (const { key, proof, signals } of JSON.parse(readFileSync(0, "utf8"))) {
  let result = false;
  try {
    result = await groth16.verify(key, signals, proof);
  } catch {
    // Signals of another number than the key's: refused.
  }
  accepted.push(result);
}
console.log(JSON.stringify(accepted));
// snarkjs keeps its threads.
process.exit(0);
