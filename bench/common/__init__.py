"""What the benchmarks share: the sheet they write, the machine they ran on, clips, processes and standalone tools."""
