"""
The command's speed and memory, beside the library's own rate and shell pipelines of its peers.

    python benchmarks/batch_jobs.py [FOLDER]              all of it, but for the file of 4 GB
    python benchmarks/batch_jobs.py --large [FOLDER]      that too

Goals: ``--version`` within 80 ms; text and JSON lines at 80 % of ``batch``; of 100,000 small files
10,000 a second with ``--check`` and 3,000 with ``-o``, on two cores; 200 MB of memory for a file of any
size. FOLDER is where files are made, a temporary one if not given; all is read once before it is timed.

CPU seconds stand beside the rates: on a machine that does something else too, they say more.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = Path(sys.executable).parent / "normalize"
SENTENCES = (
    "这是一个很短的文件，用来测量速度。我们今天讨论的这个问题很复杂，需要大家一起想办法解决。",
    "根据最新发布的统计数据，全国多地的气温在周末明显下降，出行时请注意增添衣物。",
    "The quick brown fox 跳过了那只懒狗，然后在头发店里理了发。",
)
FILES = 100_000
ROUNDS = 5
MEBIBYTE = 1 << 20

# The peers, as a shell would chain them: decoding, mojibake, conversion.
PIPELINES = {
    "iconv": "iconv -f UTF-8 -t UTF-8 {0} > {1}",
    "opencc": "python -c \"import sys, opencc; c = opencc.OpenCC('s2t')\nfor line in open('{0}', encoding='utf-8'):"
    ' sys.stdout.write(c.convert(line))" > {1}',
    "iconv | ftfy | opencc": 'iconv -f UTF-8 -t UTF-8 {0} | python -c "import sys, ftfy\nfor line in sys.stdin:'
    " sys.stdout.write(ftfy.fix_text(line))\" | python -c \"import sys, opencc; c = opencc.OpenCC('s2t')\n"
    'for line in sys.stdin: sys.stdout.write(c.convert(line))" > {1}',
}


def timed(*command: str | Path, shell: str | None = None) -> tuple[float, float]:
    """Seconds on the clock and of CPU."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    environment = {**os.environ, "PATH": f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}", "PYTHONUTF8": "1"}
    # What is installed has been compiled once, and is not compiled anew by every run.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if shell is not None:
        subprocess.run(["bash", "-c", shell], check=True, env=environment, stdout=subprocess.DEVNULL)
    else:
        done = subprocess.run(list(command), stdout=subprocess.DEVNULL, check=False, env=environment)
        if done.returncode not in (0, 1):
            sys.exit(f"{command}: exit code {done.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def row(name: str, amount: float, unit: str, taken: tuple[float, float], note: str = "") -> None:
    """One line of the answer."""
    clock, cpu = taken
    print(f"{name:<34} {amount / clock:>10,.0f} {unit:<8} {clock:7.1f} s {cpu:7.1f} s CPU  {note}", flush=True)


def start_up() -> None:
    """What a run costs before it does anything."""
    for option in ("--version", "--help"):
        times = [timed(COMMAND, option)[0] * 1000 for _ in range(15)]
        print(f"start-up, {option:<24} {statistics.median(times):>10,.0f} ms")


def small_files(folder: Path) -> None:
    """A hundred thousand, from a warm cache."""
    corpus = folder / "small"
    if not corpus.exists():
        for number in range(FILES):
            file = corpus / str(number // 1_000) / f"{number}.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("\n".join(SENTENCES * 4) + f"\n{number}\n", "utf-8")
    timed(COMMAND, "--check", "-t", "hans", corpus)
    row("small files, --check", FILES, "files/s", timed(COMMAND, "--check", "-t", "hans", corpus))
    out = folder / "out"
    row("small files, -o DIR", FILES, "files/s", timed(COMMAND, "-t", "hant", "-o", out, corpus))
    shutil.rmtree(out)


def batch_rate(lines: list[str]) -> tuple[float, float]:
    """Seconds that the library takes for the same text, on the clock and of CPU."""
    from hanfix import Normalizer

    normalizer = Normalizer(to="hant")
    normalizer.batch(lines[:1_000])
    start, cpu = time.perf_counter(), time.process_time()
    normalizer.batch(lines)
    return time.perf_counter() - start, time.process_time() - cpu


def large_files(folder: Path, mebibytes: int) -> None:
    """One of text, one of JSON lines, beside ``batch`` and the pipelines."""
    lines = [f"{sentence}{number}" for number in range(400) for sentence in SENTENCES]
    block = "\n".join(lines) + "\n"
    count = mebibytes * MEBIBYTE // len(block.encode())
    text, rows, out = folder / "large.txt", folder / "large.jsonl", folder / "out.txt"
    with text.open("w", encoding="utf-8") as file, rows.open("w", encoding="utf-8") as other:
        # Documents of some length, as corpora have them.
        document = json.dumps({"id": 1, "text": block[:2_000]}, ensure_ascii=False) + "\n"
        for _ in range(count):
            file.write(block)
            other.write(document * (len(block) // len(document)))
    size = text.stat().st_size / MEBIBYTE
    whole = text.read_text("utf-8")
    # Each a string of its own, as no corpus has the same few in the near memory all the time.
    documents = [whole[at : at + 2_000] for at in range(0, len(whole), 2_000)]
    del whole
    # In turns, and each beside the library's run just before it: a machine that has other things to do slows all
    # alike. Of the rates the best, of the shares the middle one.
    files = {"one file of text": text, "one file of JSON lines": rows}
    runs: dict[str, list[tuple[float, float]]] = {"library, batch": [], **{name: [] for name in files}}
    for _ in range(ROUNDS):
        runs["library, batch"].append(batch_rate(documents))
        for name, path in files.items():
            # A file of the run before takes 60 ms to be taken off the disk, which is no part of the work.
            out.unlink(missing_ok=True)
            runs[name].append(timed(COMMAND, "-t", "hant", "-o", out, path))
    sizes = {name: path.stat().st_size / MEBIBYTE for name, path in files.items()}
    for name, times in runs.items():
        amount = sizes.get(name, size)
        pairs = zip(times, runs["library, batch"], strict=True)
        share = statistics.median(amount / one[0] / (size / other[0]) for one, other in pairs)
        row(name, amount, "MiB/s", min(times), f"{share:.0%} of batch")
    for name, pipeline in PIPELINES.items():
        program = pipeline.split()[0]
        if shutil.which(program) is None and program != "python":
            continue
        small = folder / "small.txt"
        small.write_text(block * max(1, count // 10), "utf-8")
        try:
            taken = timed(shell=pipeline.format(small, out))
        except subprocess.CalledProcessError:
            print(f"{name}: not installed")
            continue
        row(name, small.stat().st_size / MEBIBYTE, "MiB/s", taken)


def endless_file(folder: Path) -> None:
    """4 GB, of lines and of one line: how much memory."""
    for name, end in (("lines", "\n"), ("one line", "")):
        path, out = folder / "endless.txt", folder / "out.txt"
        block = (end.join(SENTENCES) + end) * 5_000
        with path.open("w", encoding="utf-8") as file:
            for _ in range(4 * 1024 * MEBIBYTE // len(block.encode())):
                file.write(block)
        code = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True);"
        code += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
        command: list[str | Path] = [sys.executable, "-c", code, COMMAND, "-t", "hant", "-o", out, path]
        start = time.perf_counter()
        most = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        taken = time.perf_counter() - start
        print(f"4 GB, {name:<28} {4096 / taken:>10,.0f} MiB/s    {taken:7.1f} s   {most} MiB of memory")
        path.unlink()
        out.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--large", action="store_true", help="also a file of 4 GB")
    parser.add_argument("--mebibytes", type=int, default=400, help="of the files of text and JSON lines")
    arguments = parser.parse_args()
    folder = arguments.folder or Path(tempfile.mkdtemp())
    folder.mkdir(exist_ok=True, parents=True)
    try:
        start_up()
        small_files(folder)
        large_files(folder, arguments.mebibytes)
        if arguments.large:
            endless_file(folder)
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
