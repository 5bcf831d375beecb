"""Reads Prometheus' text format from standard input with Prometheus' own parser; prints one line of JSON.

Each sample by its name and labels, and the type of each family; anything that is not well formed ends it with a failure.
"""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

samples = {}
types = {}
for family in text_string_to_metric_families(sys.stdin.read()):
    types[family.name] = family.type
    for sample in family.samples:
        labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
        key = sample.name + (f"{{{labels}}}" if labels else "")
        if key in samples:
            sys.exit(f"{key} is there twice")
        samples[key] = sample.value
print(json.dumps({"samples": samples, "types": types}))
