// Run by Node: what @placemarkio/check-geojson says of a file, as exit status.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../../quality/package.json", import.meta.url));
const { check } = require("@placemarkio/check-geojson");
check(readFileSync(process.argv[2], "utf8"));
