#!/usr/bin/env python3
"""Measures Gangmu beside its peers in one run and prints a Markdown table.

Data comes from `gangmu generate`. Peers: DuckDB and openpyxl from PyPI in a virtual environment,
PostgreSQL by SQL from raw rows, and SQLite itself for durable commits. Everything is measured over
loopback HTTP as a browser would, except where the row says otherwise. Sizes are set with
GANGMU_BENCH_PROJECTS (a comma list, by default 10000,100000) and GANGMU_BENCH_CASES (approval cases
with some three open matters each, by default 350000; 0 leaves those rows out). GANGMU_BENCH_LOG names
the event log (`receipt.xes`, .gz or not) whose reading is compared with pm4py's; without it, or
without pm4py, those rows are left out. GANGMU_BENCH_ONLY names the parts to run, a comma list.
"""
import http.client
import json
import os
import pathlib
import resource
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

import bench_logs

ROOT = pathlib.Path(__file__).resolve().parent.parent
GANGMU = ROOT / "target/release/gangmu"
SIZES = [int(n) for n in os.environ.get("GANGMU_BENCH_PROJECTS", "10000,100000").split(",")]
CASES = int(os.environ.get("GANGMU_BENCH_CASES", "350000"))
LOG = os.environ.get("GANGMU_BENCH_LOG")
# How often acts with few and with many open matters take turns.
ROUNDS = 5
ONLY = [part for part in os.environ.get("GANGMU_BENCH_ONLY", "").split(",") if part]
PASSWORD = "benchmark-2026"
rows = []


def report(what, ours, peer, peer_name, goal, better):
    """Adds a row; the ratio says how many times better we are."""
    ratio = "–" if peer is None else f"{better(ours, peer):.1f}×"
    rows.append((what, ours, peer, peer_name, goal, ratio))
    print(f"  {what}: {ours} | {peer_name}: {peer} | {ratio} (goal {goal})", file=sys.stderr)


def faster(ours, peer):
    return peer[0] / ours[0]


class Time(tuple):
    """Median and 99th percentile in seconds."""

    def __new__(cls, samples):
        samples = sorted(samples)
        return super().__new__(cls, (statistics.median(samples), samples[int(len(samples) * 0.99)]))

    def __str__(self):
        return f"{self[0] * 1000:.2f} ms (p99 {self[1] * 1000:.2f})"


class Rate(float):
    def __str__(self):
        return f"{float(self):.0f}/s"


def measure(work, n):
    samples = []
    for _ in range(n):
        begun = time.perf_counter()
        work()
        samples.append(time.perf_counter() - begun)
    return Time(samples)


def python_with_peers(folder):
    venv = folder / "venv"
    if (venv / "bin/python").exists():
        return venv / "bin/python"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    subprocess.run([venv / "bin/pip", "install", "--quiet", "duckdb", "openpyxl"], check=True)
    return venv / "bin/python"


class Server:
    def __init__(self, database, files):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            [GANGMU, "--database", database, "--files", files, "serve", "--listen", f"127.0.0.1:{self.port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 0.2):
                    break
            except OSError:
                time.sleep(0.002)
        self.start = time.perf_counter() - begun
        self.cookie = None

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def call(self, connection, method, path, body=None):
        headers = {"Accept": "application/json", "Origin": f"http://127.0.0.1:{self.port}"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        data = None
        if body is not None:
            data = json.dumps(body)
            headers["Content-Type"] = "application/json"
        connection.request(method, path, data, headers)
        response = connection.getresponse()
        text = response.read()
        if response.status >= 400:
            raise RuntimeError(f"{method} {path}: {response.status} {text[:300]!r}")
        if set_cookie := response.getheader("Set-Cookie"):
            self.cookie = set_cookie.split(";")[0]
        return json.loads(text) if text else None

    def log_in(self, login):
        self.cookie = None
        connection = self.connect()
        self.call(connection, "POST", "/api/v1/session", {"login": login, "password": PASSWORD})
        return connection

    def memory(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0.0

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)


def gangmu(database, files, *arguments, stdin=None):
    return subprocess.run([GANGMU, "--database", database, "--files", files, *arguments],
                          check=True, capture_output=True, text=True, input=stdin).stdout


def clerk(database, files, login, unit, *post):
    gangmu(database, files, "user", "add", login, f"测试岗位 {login}", stdin=PASSWORD + "\n")
    gangmu(database, files, "user", "password", login, "--keep", stdin=PASSWORD + "\n")
    gangmu(database, files, "user", "post", login, "clerk", unit, *post)


DUCK = """
import duckdb, json, sys, time
db = duckdb.connect()
db.execute("SET enable_progress_bar = false")
db.execute("CREATE TABLE r AS SELECT * FROM read_csv_auto(?)", [sys.argv[1]])
q = '''SELECT substr(n.unit_path, 1, 15) u, count(*), sum(n.total_investment), sum(n.annual_plan),
       sum(n.year_to_date), sum(b.year_to_date)
       FROM r n LEFT JOIN r b ON b.project_id = n.project_id AND b.period = 202412
       WHERE n.period = 202512 GROUP BY 1 ORDER BY 1'''
samples = []
for _ in range(12):
    t = time.perf_counter(); db.execute(q).fetchall(); samples.append(time.perf_counter() - t)
print(json.dumps(samples[2:]))
"""

POSTGRES = """
SELECT substr(n.unit_path, 1, 15) u, count(*), sum(n.total_investment), sum(n.annual_plan),
       sum(n.year_to_date), sum(b.year_to_date)
FROM r n LEFT JOIN r b ON b.project_id = n.project_id AND b.period = 202412
WHERE n.period = 202512 GROUP BY 1 ORDER BY 1
"""


def peers_rollup(python, database, folder):
    """The same answer from raw rows, by DuckDB and by PostgreSQL."""
    raw = folder / "raw.csv"
    source = sqlite3.connect(database)
    cursor = source.execute("SELECT project_id, period, unit_path, total_investment, annual_plan, "
                            "month_investment, year_to_date FROM monthly_return")
    import csv
    with raw.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([d[0] for d in cursor.description])
        writer.writerows(cursor)
    source.close()
    duck = json.loads(subprocess.run([python, "-c", DUCK, raw], check=True, capture_output=True, text=True).stdout)
    postgres = None
    server = os.environ.get("GANGMU_TEST_POSTGRES")
    if server and shutil.which("psql"):
        script = f"""
DROP TABLE IF EXISTS r;
CREATE TABLE r (project_id bigint, period bigint, unit_path text, total_investment bigint,
 annual_plan bigint, month_investment bigint, year_to_date bigint);
\\copy r FROM '{raw}' CSV HEADER
CREATE INDEX ON r (period, project_id);
ANALYZE r;
\\timing on
""" + (POSTGRES.strip() + ";\n") * 7
        out = subprocess.run(["psql", "--no-psqlrc", "--quiet", server], input=script, text=True,
                             capture_output=True, check=True).stdout
        times = [float(line.split()[1]) / 1000 for line in out.splitlines() if line.startswith("Time:")]
        postgres = times[2:]
        subprocess.run(["psql", "--no-psqlrc", "--quiet", "--command", "DROP TABLE r", server], check=True)
    raw.unlink()
    return Time(duck), postgres and Time(postgres)


def bench_size(python, folder, projects):
    path = folder / f"{projects}.db"
    database, files = f"sqlite://{path}", str(folder / "files")
    begun = time.perf_counter()
    gangmu(database, files, "generate", "--projects", str(projects), "--months", "24")
    print(f"  generated {projects} × 24 in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    clerk(database, files, "bench", "150000")
    clerk(database, files, "narrow", "150502")
    server = Server(database, files)
    try:
        report(f"start, {projects:,} projects", f"{server.start * 1000:.0f} ms", None, "–", "< 1 s", None)
        connection = server.log_in("bench")
        cuts = ["unit", "department", "industry", "category", "investor", "stage"]
        for cut in cuts:
            server.call(connection, "GET", f"/api/v1/rollup?period=2025-12&by={cut}")
        at = iter(range(10**9))
        ours = measure(lambda: server.call(
            connection, "GET", f"/api/v1/rollup?period=2025-12&by={cuts[next(at) % 6]}"), 300)
        duck, postgres = peers_rollup(python, path, folder)
        report(f"roll-up with year-on-year, {projects:,} × 24 (HTTP)", ours, duck, "DuckDB", "≥ 50×", faster)
        if postgres:
            report(f"roll-up with year-on-year, {projects:,} × 24 (HTTP)", ours, postgres, "PostgreSQL", "≥ 500×", faster)
        queries = [
            "on_list=1&period=2025-12&sort=-year_to_date",
            "on_list=1&period=2025-12&category=new_start&sort=gap",
            "on_list=1&period=2025-12&industry=44&sort=-total_investment",
            "period=2025-12&stage=implementation&page=3",
        ]
        for login in ("bench", "narrow"):
            connection = server.log_in(login)
            ok = [q for q in queries if try_query(server, connection, q)]
            at = iter(range(10**9))
            listed = measure(lambda: server.call(
                connection, "GET", f"/api/v1/projects?per_page=50&{ok[next(at) % len(ok)]}"), 120)
            who = "region" if login == "bench" else "one banner"
            report(f"list of 50 with totals, {projects:,} projects, {who} (HTTP)", listed, None, "–", "p99 ≤ 20 ms", None)
        report(f"memory after that, {projects:,} projects", f"{server.memory():.0f} MB", None, "–", "< 150 MB (demo)", None)
    finally:
        server.stop()
        path.unlink()
        for tail in ("-wal", "-shm"):
            pathlib.Path(str(path) + tail).unlink(missing_ok=True)


def try_query(server, connection, query):
    try:
        server.call(connection, "GET", f"/api/v1/projects?per_page=50&{query}")
        return True
    except RuntimeError as problem:
        print(f"  skipped: {problem}", file=sys.stderr)
        return False


WORKBOOK = """
import sys, openpyxl, random
random.seed(1)
book = openpyxl.Workbook(write_only=True)
sheet = book.create_sheet("明细表")
sheet.append(["重点项目明细表"])
head = ["序号","项目名称","项目代码","所属区域","建设地点","所属行业","投资类型","投资主体","建设规模及主要建设内容",
 "主要建设目标","新增生产能力","建设性质","建设起止年限","总投资（万元）","至上年底累计完成投资（万元）","业主单位","负责人",
 "联系人","责任单位","责任人","年度形象进度目标","备注"]
sheet.append(head)
for i in range(20000):
    sheet.append([i+1, f"第{i}号产业园区基础设施建设项目", f"2503-150502-04-01-{100000+i}", "科尔沁区", f"科尔沁区{i%90}号地",
     "26", "企业", "民营", f"建设厂房{i}平方米及配套设施，购置设备{i%77}台（套）", "建成投产", f"年产{i%50}万吨", "新建",
     "2024.03-2026.10", 12000+i, i%9000, f"某某实业{i%4000}公司", "总经理岗", "联络岗", "科尔沁区发改委", "投资股负责人岗",
     "主体完工", ""])
book.save(sys.argv[1])
"""

READ = """
import sys, time, openpyxl
t = time.perf_counter()
book = openpyxl.load_workbook(sys.argv[1])
n = sum(1 for row in book.active.iter_rows(values_only=True) for cell in row)
print(time.perf_counter() - t)
"""


def bench_import(python, folder):
    book = folder / "book.xlsx"
    subprocess.run([python, "-c", WORKBOOK, book], check=True)
    peer = float(subprocess.run([python, "-c", READ, book], check=True, capture_output=True, text=True).stdout)
    database, files = f"sqlite://{folder / 'import.db'}", str(folder / "files")
    gangmu(database, files, "migrate")
    begun = time.perf_counter()
    out = gangmu(database, files, "import", "--adopt", str(book))
    ours = time.perf_counter() - begun
    if "20000" not in out:
        print(out, file=sys.stderr)
    report("import of 20,000 × 22: parse, validate, diff, commit (whole process)",
           Time([ours]), Time([peer]), "openpyxl reads it", "≥ 10×", faster)


CLIENT = """
import json, socket, sys, threading, time
port, cookie, threads = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
# Each piece is a list of (method, path, body), to be sent in its order.
work = json.load(sys.stdin)
def request(method, path, body):
    body = json.dumps(body).encode()
    head = (f"{method} {path} HTTP/1.1\\r\\nHost: 127.0.0.1:{port}\\r\\n"
            f"Origin: http://127.0.0.1:{port}\\r\\nCookie: {cookie}\\r\\nAccept: application/json\\r\\n"
            f"Content-Type: application/json\\r\\nContent-Length: {len(body)}\\r\\n\\r\\n")
    return head.encode() + body
def send(requests, sock):
    for one in requests:
        sock.sendall(one)
        answer = sock.recv(65536)
        while b"\\r\\n\\r\\n" not in answer:
            answer += sock.recv(65536)
        head, _, body = answer.partition(b"\\r\\n\\r\\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(answer[:400].decode(errors="replace"))
        length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\\r\\n") if line.startswith(b"content-length"))
        while len(body) < length:
            body += sock.recv(65536)
shares = [[request(*one) for piece in work[at::threads] for one in piece] for at in range(threads)]
socks = [socket.create_connection(("127.0.0.1", port)) for _ in shares]
running = [threading.Thread(target=send, args=pair) for pair in zip(shares, socks)]
begun = time.perf_counter()
for thread in running: thread.start()
for thread in running: thread.join()
print(sum(map(len, shares)) / (time.perf_counter() - begun))
"""


def send_all(server, threads, work):
    """Sends pieces of requests over some connections; gives the requests answered a second.

    The client is one process of bare sockets and threads with requests made beforehand, so that it
    takes little of the machine the server runs on.
    """
    done = subprocess.run([sys.executable, "-c", CLIENT, str(server.port), server.cookie, str(threads)],
                          input=json.dumps(work), text=True, capture_output=True)
    if done.returncode or done.stderr:
        raise RuntimeError(done.stderr[-600:])
    return Rate(float(done.stdout))


def file_returns(server, threads, rounds):
    """Files every return of the month several times; gives the returns filed a second."""
    grid = server.call(server.connect(), "GET", "/api/v1/periods/2026-01/returns")["rows"]
    typed = {"funds": {}, "site_status": "working", "started_on": None, "finished_on": None,
             "image_progress": "基础施工", "problems": "", "correction_reason": "", "explanations": {}}
    return send_all(server, threads, [
        [["PUT", f"/api/v1/projects/{row['project_id']}/returns/2026-01",
          {**typed, "version": row["version"] + n, "month_investment": 10_000 + n}] for n in range(rounds)]
        for row in grid])


def raw_commits(folder):
    """One raw row a transaction in SQLite, with the durability that we use."""
    raw = sqlite3.connect(folder / "raw.db", isolation_level=None)
    raw.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS t (a INTEGER, b INTEGER, c TEXT);")
    begun = time.perf_counter()
    for n in range(2000):
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("INSERT INTO t VALUES (?, ?, ?)", (n, 10_000, "基础施工"))
        raw.execute("COMMIT")
    return Rate(2000 / (time.perf_counter() - begun))


def bench_returns(folder):
    """Durable returns over HTTP beside one raw row a transaction with the same durability."""
    path = folder / "returns.db"
    database, files = f"sqlite://{path}", str(folder / "files")
    gangmu(database, files, "generate", "--projects", "2000", "--months", "24")
    clerk(database, files, "bench", "150000")
    server = Server(database, files)
    try:
        connection = server.log_in("bench")
        server.call(connection, "POST", "/api/v1/programmes", {
            "year": 2026, "name": "2026",
            "entries": [{"project_id": p["project_id"],
                         "entry": {"category": "continuing", "annual_plan": 1_000_000}}
                        for p in pages(server, connection, 500)]})
        server.call(connection, "POST", "/api/v1/periods", {"period": "2026-01"})
        for connections, rounds in ((1, 2), (32, 8)):
            ours = file_returns(server, connections, rounds)
            report(f"durable returns over HTTP, {connections} connection{'s' * (connections > 1)}", ours,
                   raw_commits(folder), "SQLite, one raw row a commit", "≥ 1×", lambda a, b: a / b)
    finally:
        server.stop()


class Region:
    """A generated region with so many cases, served, and an officer who may act everywhere in it."""

    def __init__(self, folder, cases):
        self.cases, self.folder = cases, folder
        self.path = folder / f"cases-{cases}.db"
        self.database, self.files = f"sqlite://{self.path}", str(folder / "files")
        begun = time.perf_counter()
        made = json.loads(gangmu(self.database, self.files, "generate", "--projects", "200", "--months", "1",
                                 "--cases", str(cases), "--json"))["generated"]
        self.open_matters = made["open_matters"]
        print(f"  generated {made['cases']} cases with {self.open_matters} open matters in "
              f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)
        clerk(self.database, self.files, "bench", "150000")
        self.make_no_rounds()
        self.server = Server(self.database, self.files)
        connection = self.server.log_in("bench")
        listed = self.server.call(
            connection, "GET", "/api/v1/projects?per_page=200&stage=preparation&sort=name")["rows"]
        for unit in sorted({row["unit"]["code"] for row in listed}):
            gangmu(self.database, self.files, "user", "post", "bench", "approver", unit)
        self.connection = self.server.log_in("bench")
        self.projects = [row["project_id"] for row in listed]
        self.work = [piece for piece in map(self.acts_of, self.projects) if piece]

    def make_no_rounds(self):
        """Notes the rounds of these days as made. Every date of the region is long past, so the first
        round would send a million reminders beside what is measured."""
        now = int(time.time() * 1000)
        days = [time.strftime("%Y-%m-%d", time.gmtime(now / 1000 + 86_400 * n)) for n in range(-1, 3)]
        raw = sqlite3.connect(self.path)
        raw.executemany("INSERT INTO daily_round (round, on_date, claimed_at, done_at) VALUES (?, ?, ?, ?)",
                        [(word, day, now, now) for word in ("move_dues", "remind", "escalate") for day in days])
        raw.commit()
        raw.close()

    def acts_of(self, project):
        """Receives, sends back and takes again what no office has yet."""
        piece = []
        for item in self.server.call(self.connection, "GET", f"/api/v1/projects/{project}/approvals")["items"]:
            if item["phase"] == "not_received":
                path, version = f"/api/v1/projects/{project}/approvals/{item['code']}/acts", item["version"]
                acts = [{"act": "receive"}, {"act": "ask_correction", "defects": ["申请表缺盖章"]}, {"act": "correct"}]
                piece += [["POST", path, {**act, "version": version + n}] for n, act in enumerate(acts)]
        return piece

    def shares(self):
        """The acts of all projects in equal parts, the first of them to warm up."""
        return [self.work[at::ROUNDS + 1] for at in range(ROUNDS + 1)]

    def remove(self):
        self.server.stop()
        for tail in ("", "-wal", "-shm"):
            pathlib.Path(str(self.path) + tail).unlink(missing_ok=True)


def compare_acts(folder):
    """Acts over HTTP with few and with many open matters, in turn, so that both meet the same machine;
    then due dates after a calendar change where there are many."""
    few, many = Region(folder, 200), Region(folder, CASES)
    try:
        rates = {few: [], many: []}
        for n, shares in enumerate(zip(few.shares(), many.shares())):
            for region, share in zip((few, many), shares):
                rate = send_all(region.server, 8, share)
                if n:
                    rates[region].append(rate)
        ours, peer = (Rate(statistics.median(rates[region])) for region in (many, few))
        report(f"acts over HTTP, 8 connections, {many.open_matters:,} open matters", ours, peer,
               f"with {few.open_matters:,} open", "≥ 0.9×", lambda a, b: a / b)
        rated = measure(lambda: many.server.call(many.connection, "GET", "/api/v1/approvals/rates"), 5)
        report(f"how far {CASES:,} cases are (HTTP)", rated, None, "–", "–", None)
        many.server.stop()
        bench_dues(folder, many.database, many.files, many.open_matters)
    finally:
        few.remove()
        many.remove()


def bench_dues(folder, database, files, open_matters):
    """A holiday is declared: every due date that hangs on it is read again and moved."""
    text = (ROOT / "data/calendar/cn.csv").read_text()
    for day, words in (("2026-01-23", "three weeks ahead"), ("2025-12-31", "today")):
        text += f"{day},off,临时放假\n"
        edited = folder / "calendar.csv"
        edited.write_text(text)
        gangmu(database, files, "reference", "import", "calendar", str(edited))
        begun = time.perf_counter()
        # As of a day on which nothing is due, so that no reminder is sent.
        done = json.loads(gangmu(database, files, "approvals", "remind", "--as-of", "2024-01-02", "--json"))
        took = time.perf_counter() - begun
        what = f"due dates of {open_matters:,} open matters after a holiday {words}: {done['due_dates_moved']:,} moved (whole process)"
        report(what, Time([took]), None, "–", "< 5 s", None)


def bench_what_if(folder):
    """The whole way of a what-if: acts of 3,343 cases read, plans made, every cut ranked."""
    path = folder / "what_if.db"
    database, files = f"sqlite://{path}", str(folder / "files")
    gangmu(database, files, "generate", "--projects", "200", "--months", "1", "--cases", "3343")
    clerk(database, files, "bench", "150000")
    server = Server(database, files)
    try:
        connection = server.log_in("bench")
        ours = measure(lambda: server.call(connection, "GET", "/api/v1/approvals/what-if"), 5)
        report("what-if over 3,343 cases with ranking (HTTP)", ours, None, "–", "< 1 s", None)
    finally:
        server.stop()
    found = bench_logs.what_if()
    what = f"what-if over {found['cases']:,} cases × 40 matters (kernel)"
    report(f"{what}, one change", f"{found['cut_ms']:.1f} ms", None, "–", "< 1 s", None)
    ranking = found["ranking_ms"] + found["parallels_ms"]
    report(f"{what}, all cuts and pairs", f"{ranking:.0f} ms", None, "–", "< 1 s", None)


def bench_approvals(folder):
    if not CASES:
        print("  approvals left out: GANGMU_BENCH_CASES is 0", file=sys.stderr)
        return
    compare_acts(folder)


def bench_log():
    if not LOG:
        print("  event logs left out: GANGMU_BENCH_LOG names no log", file=sys.stderr)
        return
    try:
        compared = bench_logs.compare(pathlib.Path(LOG))
    except subprocess.CalledProcessError as problem:
        print(f"  event logs left out, a peer is missing: {problem}", file=sys.stderr)
        return
    for what, ours, peer, peer_name, goal, ratio in compared:
        rows.append((what, ours, peer, peer_name, goal, ratio))
        print(f"  {what}: {ours} | {peer_name}: {peer} | {ratio} (goal {goal})", file=sys.stderr)


def pages(server, connection, n):
    return server.call(connection, "GET", f"/api/v1/projects?per_page={n}&stage=implementation")["rows"]


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    return f"{os.cpu_count()} × {model}"


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gangmu-bench."))
    try:
        report("binary", f"{GANGMU.stat().st_size / 2**20:.0f} MB", None, "–", "< 60 MB", None)
        parts = {
            "import": lambda: bench_import(python_with_peers(folder), folder),
            "returns": lambda: bench_returns(folder),
            "approvals": lambda: bench_approvals(folder),
            "what_if": lambda: bench_what_if(folder),
            "log": bench_log,
            **{str(n): lambda n=n: bench_size(python_with_peers(folder), folder, n) for n in SIZES},
        }
        for name, part in parts.items():
            if ONLY and name not in ONLY:
                continue
            try:
                part()
            except (RuntimeError, subprocess.CalledProcessError, KeyError) as problem:
                print(f"  FAILED: {problem} {getattr(problem, 'stderr', '')}", file=sys.stderr)
        print(f"\nMeasured {time.strftime('%Y-%m-%d')} on {machine()}.\n")
        print("| what | Gangmu | peer | | ratio | goal |\n|---|---|---|---|---|---|")
        for what, ours, peer, peer_name, goal, ratio in rows:
            print(f"| {what} | {ours} | {'' if peer is None else peer} | {peer_name} | {ratio} | {goal} |")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
