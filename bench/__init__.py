"""Measurements: cases made up in any number, and the project beside its peers on the same data.

```
python -m bench.generate 100k -o DIR     cases, sources and a manifest of what is planted in them
python -m bench --only ROW --sizes 10k   rows of docs/benchmarks.md, which it writes; all without --only
```
"""
