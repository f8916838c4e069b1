#include "report/report_fixture.h"

#include <fmt/core.h>

namespace assize::fixture {

namespace {

AgentReport reviewer(std::string id, std::string vendor, std::string model) {
  AgentReport agent;
  agent.kind = id;
  agent.id = std::move(id);
  agent.vendor = std::move(vendor);
  agent.model = std::move(model);
  agent.version = "1.2.3";
  agent.available = true;
  agent.attempts = 1;
  agent.command_line = {"/usr/bin/" + agent.id, "--print"};
  return agent;
}

std::vector<AgentReport> rich_panel() {
  AgentReport claude = reviewer("claude", "anthropic", "claude-test-1");
  claude.status = ReviewStatus::findings;
  claude.verdict = Verdict::request_changes;
  claude.summary = "Two problems in the store.";
  claude.checked = {"src/store.c", "src/übung.py"};
  claude.findings = 3;
  claude.duration = Millis(12'345);
  claude.last_progress = Millis(12'300);
  claude.usage = {12'345, 678, 10'000, 0.0421};
  claude.excerpt = "{\"verdict\": \"request_changes\"";

  AgentReport codex = reviewer("codex", "openai", "gpt-test");
  codex.status = ReviewStatus::findings;
  codex.verdict = Verdict::comment;
  codex.repaired = true;
  codex.checked = {"src/store.c"};
  codex.findings = 1;
  codex.dropped = {{"/findings/1", "no title"}};
  codex.warnings = {"severity 'huge' is unknown, taken as high"};
  codex.duration = Millis(65'000);
  codex.attempts = 2;
  codex.usage.input_tokens = 20'000;
  codex.usage.output_tokens = 900;

  AgentReport gemini = reviewer("gemini", "google", "");
  gemini.available = false;
  gemini.attempts = 0;
  gemini.unavailable_reason = "not logged in: run `gemini` once";
  gemini.version.clear();
  gemini.command_line.clear();

  AgentReport qwen = reviewer("qwen", "alibaba", "qwen-test");
  qwen.status = ReviewStatus::no_contract;
  qwen.parse_reason = "prose without a JSON object";
  qwen.excerpt = "Looks good to me!";
  qwen.duration = Millis(900);
  qwen.error = CallError{CallErrorKind::malformed_answer, "no JSON object in 17 bytes", 0, std::nullopt, std::nullopt};

  AgentReport lint = reviewer("lint", "", "");
  lint.role = AgentRole::analyser;
  lint.status = ReviewStatus::findings;
  lint.findings = 1;
  lint.duration = Millis(3);

  AgentReport cppcheck = reviewer("cppcheck", "", "");
  cppcheck.kind = "tool";
  cppcheck.role = AgentRole::analyser;
  cppcheck.status = ReviewStatus::findings;
  cppcheck.findings = 2;
  cppcheck.duration = Millis(420);
  return {claude, codex, gemini, qwen, lint, cppcheck};
}

std::vector<FileCoverage> rich_coverage() {
  FileCoverage store;
  store.path = store.old_path = "src/store.c";
  store.kind = "modified";
  store.bytes = 1200;
  store.added = 12;
  store.removed = 3;
  store.hunks = {{{36, 50}, {"claude", "codex"}}, {{90, 99}, {"claude"}}};
  store.analysers = {"lint", "cppcheck"};

  FileCoverage script;
  script.path = script.old_path = "src/übung.py";
  script.kind = "modified";
  script.bytes = 300;
  script.added = 4;
  script.hunks = {{{1, 8}, {"claude"}}};
  script.analysers = {"lint"};

  FileCoverage unread;
  unread.path = "src/a b#c.sh";
  unread.kind = "added";
  unread.bytes = 200;
  unread.added = 9;
  unread.hunks = {{{1, 9}, {}}};

  FileCoverage renamed;
  renamed.path = "docs/new.md";
  renamed.old_path = "docs/old.md";
  renamed.kind = "renamed";
  renamed.hunks = {{{0, 0}, {"claude"}}};

  FileCoverage image;
  image.path = "img/logo.png";
  image.kind = "added";
  image.set_aside = SetAside::binary;

  FileCoverage lock;
  lock.path = lock.old_path = "package-lock.json";
  lock.kind = "modified";
  lock.set_aside = SetAside::generated;
  lock.detail = "name of a lock file";
  lock.added = 900;
  return {store, script, unread, renamed, image, lock};
}

Finding finding(std::string id, std::string agent, Severity severity, Category category, std::string title,
                std::string path, LineRange lines) {
  Finding made;
  made.id = std::move(id);
  made.agent = std::move(agent);
  made.severity = severity;
  made.category = category;
  made.title = std::move(title);
  made.detail = "When the write fails, the function returns early and the caller goes on with what it had before.";
  made.fix = "Return the error to the caller.";
  made.cited.path = path;
  made.cited.lines = lines;
  made.anchor = {AnchorState::exact, std::move(path), lines, Side::post_image};
  return made;
}

std::vector<Finding> rich_findings() {
  Finding freed = finding("claude-1", "claude", Severity::critical, Category::bug,
                          "Buffer is freed twice when the write fails", "src/store.c", {42, 44});
  freed.detail =
      "The error path frees `buf` and then falls through to the common exit, which frees it again.\n\n"
      "A full disk is enough to get there.";
  freed.fix = "Set `buf` to NULL after the first free.";
  freed.cited.quote = "free(buf);";
  freed.cited.symbol = "store_write";
  freed.confidence = 0.9;
  freed.raw_ref = "/findings/0";
  freed.code = "    free(buf);";
  Finding freed_too =
      finding("codex-1", "codex", Severity::high, Category::bug, "Double free of buf", "src/store.c", {44, 44});
  freed_too.source_id = "F1";
  freed_too.source_fingerprint = "abc";
  freed_too.confidence = 0.5;
  Finding freed_tool = finding("cppcheck-1", "cppcheck", Severity::medium, Category::bug,
                               "Memory pointed to by 'buf' is freed twice.", "src/store.c", {44, 44});
  freed_tool.rule = "doubleFree";
  freed_tool.fix.clear();
  Finding unused = finding("cppcheck-2", "cppcheck", Severity::low, Category::maintainability,
                           "Variable 'n' is assigned a value that is never used.", "src/store.c", {91, 91});
  unused.rule = "unreadVariable";
  unused.fix.clear();
  Finding eval = finding("lint-1", "lint", Severity::high, Category::security, "eval of a value from outside",
                         "src/übung.py", {7, 7});
  eval.rule = "py-eval";
  eval.anchor.state = AnchorState::line_only;
  eval.code = "eval(request.args['x'])";
  Finding removed = finding("claude-2", "claude", Severity::medium, Category::test_gap,
                            "The only test of the error path is removed", "src/store.c", {38, 38});
  removed.severity_guessed = true;
  removed.anchor.side = removed.cited.side = Side::pre_image;
  Finding invented = finding("claude-3", "claude", Severity::high, Category::performance,
                             "Quadratic loop in the parser", "src/parser.c", {10, 12});
  invented.anchor = {AnchorState::unknown_file, "", std::nullopt, Side::post_image};
  return {freed, removed, invented, freed_too, eval, freed_tool, unused};
}

Group group(std::string id, std::vector<std::string> members, std::vector<std::string> agents, Severity severity,
            Agreement agreement) {
  Group made;
  made.fingerprint = fmt::format("{:0>32}", id.substr(1));
  made.id = std::move(id);
  made.representative = members.front();
  made.members = std::move(members);
  made.agents = std::move(agents);
  made.severity = made.lowest_severity = made.highest_severity = severity;
  made.anchored = true;
  made.agreement = agreement;
  return made;
}

std::vector<Group> rich_groups() {
  using enum AgreementLevel;
  Group freed = group("G1", {"claude-1", "codex-1", "cppcheck-1"}, {"claude", "codex", "cppcheck"}, Severity::critical,
                      {consensus, 2, 2, 4});
  freed.lowest_severity = Severity::medium;
  Group eval = group("G2", {"lint-1"}, {"lint"}, Severity::high, {single, 0, 1, 4});
  Group removed = group("G3", {"claude-2"}, {"claude"}, Severity::medium, {single, 1, 2, 4});
  removed.status = GroupStatus::unsupported;
  Group unused = group("G4", {"cppcheck-2"}, {"cppcheck"}, Severity::low, {single, 0, 2, 4});
  Group invented = group("G5", {"claude-3"}, {"claude"}, Severity::high, {single, 0, 0, 4});
  invented.anchored = false;
  return {freed, eval, removed, unused, invented};
}

std::vector<AgentReport> debated_panel() {
  std::vector<AgentReport> panel = rich_panel();
  panel.at(0).lens = "security";
  panel.at(1).lens = "performance";
  AgentReport local = reviewer("local", "", "qwen2.5-coder:14b");
  local.kind = "openai";
  local.lens = "security";
  local.status = ReviewStatus::partial;
  local.parse_reason = "2 of 3 parts without a valid review; part 1: no answer within 5 min";
  local.chunks = {{0, ReviewStatus::unavailable, "no answer within 5 min"},
                  {1, ReviewStatus::clean, ""},
                  {2, ReviewStatus::no_contract, "prose without a JSON object"}};
  local.error = CallError{CallErrorKind::timed_out, "no answer within 5 min", std::nullopt, std::nullopt, std::nullopt};
  local.cancel_reason = "timeout";
  local.duration = Millis(300'000);
  for (std::size_t i = 0; i < 2; ++i) {
    panel.at(i).chunks = {{0, ReviewStatus::findings, ""}, {1, ReviewStatus::clean, ""}, {2, ReviewStatus::clean, ""}};
  }
  AgentReport judge = reviewer("judge", "anthropic", "claude-test-2");
  judge.kind = "claude";
  judge.chair_only = true;
  judge.attempts = 0;
  panel.push_back(local);
  panel.push_back(judge);
  return panel;
}

void debate(Outcome& outcome) {
  outcome.rounds = 3;
  outcome.stances = {
      {"G2", "claude", 2, StanceValue::agree, "The value comes from the request.", std::nullopt},
      {"G2", "codex", 2, StanceValue::unsure, "", Severity::medium},
      {"G5", "codex", 2, StanceValue::disagree, "There is no src/parser.c in this change.", std::nullopt},
      {"G5", "claude", 3, StanceValue::disagree, "I cannot find that loop any more.", Severity::low},
  };
  Finding missed = finding("codex-2", "codex", Severity::medium, Category::docs,
                           "The header promises an error code that is never returned", "src/store.c", {95, 95});
  missed.round = 2;
  missed.reported = Severity::high;
  missed.chunk = 1;
  outcome.findings.insert(outcome.findings.begin() + 4, missed);
  Group& freed = outcome.groups.at(0);
  freed.support = {"claude", "codex"};
  Group& eval = outcome.groups.at(1);
  eval.support = {"claude"};
  eval.suggested_severity = Severity::medium;
  Group& invented = outcome.groups.at(4);
  invented.against = {"claude", "codex"};
  invented.status = GroupStatus::disputed;
  invented.status_reason = "disputed in the debate: claude, codex against it, nobody for it";
}

void verify(Outcome& outcome) {
  outcome.verdicts = {
      {"G1",
       "judge",
       VerifierTask::check,
       false,
       VerdictStatus::verified,
       {},
       "Both frees are on the error path.",
       "src/store.c:44",
       true},
      {"G2",
       "codex",
       VerifierTask::check,
       false,
       VerdictStatus::needs_human,
       {},
       "It depends on who may send this.",
       "",
       false},
      {"G3",
       "codex",
       VerifierTask::check,
       false,
       VerdictStatus::unsupported,
       {"claude-2"},
       "The test was moved.",
       "tests/store_test.c:12",
       true},
      {"G3",
       "claude",
       VerifierTask::refute,
       true,
       VerdictStatus::unsupported,
       {"claude-2"},
       "",
       "tests/old.c:9",
       false},
  };
  outcome.groups.at(0).status = GroupStatus::verified;
  outcome.groups.at(0).status_reason = "judge verified it";
  outcome.groups.at(1).status = GroupStatus::needs_human;
  outcome.groups.at(1).status_reason = "codex leaves it to a person, and the second verdict is missing";
  outcome.groups.at(2).status_reason = "claude and codex refute it, without a line that exists for evidence";
  Group split = group("G6", {"codex-2"}, {"codex"}, Severity::medium, {AgreementLevel::single, 1, 2, 5});
  split.split_from = "G3";
  split.status_reason = "split off from G3, whose other statements are refuted";
  split.chunk = 1;
  outcome.groups.push_back(split);
}

}  // namespace

Outcome debated_outcome() {
  Outcome outcome = rich_outcome();
  outcome.panel = debated_panel();
  debate(outcome);
  verify(outcome);
  outcome.chair = "judge";
  outcome.synthesis = Synthesis{
      "judge", "The double free is real: the error path frees `buf` twice.\n\nThe rest can wait.", Verdict::approve,
      "the chair would approve; the decision is FAIL by the rule blocking_group and stands"};
  outcome.vote = Vote{Verdict::request_changes,
                      {{"claude", Verdict::request_changes, "raised G1, critical"},
                       {"codex", Verdict::request_changes, "raised G1, critical"}}};
  outcome.decision.trace.insert(outcome.decision.trace.begin(),
                                {"panel_vote", false, "2 of 2 ballots are for request_changes.", {}});
  outcome.chunks = {
      {{"src/store.c"}, 1'200, {"claude", "codex", "local"}, {"claude", "codex"}},
      {{"src/store.c", "src/übung.py", "docs/new.md"}, 900, {"claude", "codex", "local"}, {"claude", "codex", "local"}},
      {{"src/a b#c.sh", "x.sh", "y.sh"}, 200, {"local"}, {}}};
  outcome.lenses = {"security", "performance", "accessibility"};
  outcome.risk = Risk::high;
  outcome.risk_reason = "src/store.c is a path of high risk";
  outcome.stop_reason = "budget_exhausted";
  outcome.stop_reason_text = "the run's budget is used up";
  outcome.budget.total_timeout = Millis(600'000);
  outcome.budget.max_tokens = 50'000;
  outcome.budget.max_cost_usd = 0.5;
  outcome.budget.spent = {48'123, 0.1 + 0.2, true};  // 0.30000000000000004
  outcome.budget.exhausted = true;
  outcome.budget.skipped = {"round 4 of the debate"};
  return outcome;
}

Outcome rich_outcome() {
  Outcome outcome;
  outcome.run = "01J0000000000000000000TEST";
  outcome.mode = "review";
  outcome.decision = {
      DecisionValue::fail,
      1,
      "blocking_group",
      "1 group with a severity that blocks is agreed on by 2 of 2 reviewers.",
      {{"blocking_group", true, "1 group with a severity that blocks is agreed on by 2 of 2 reviewers.", {"G1"}}}};
  outcome.source = "--commit HEAD (1a2b3c4)";
  outcome.base = "0a0b0c0d0e0f0a0b0c0d0e0f0a0b0c0d0e0f0a0b";
  outcome.head = "1a2b3c4d5e6f1a2b3c4d5e6f1a2b3c4d5e6f1a2b";
  outcome.repository = "/srv/my repo";
  outcome.panel = rich_panel();
  outcome.coverage = rich_coverage();
  outcome.private_files = {".env.local"};
  outcome.findings = rich_findings();
  outcome.groups = rich_groups();
  outcome.warnings = {"codex: the severity of one finding was guessed"};
  outcome.verification = true;
  outcome.stop_reason = "completed";
  outcome.stop_reason_text = "All rounds were run.";
  outcome.seed = 18'446'744'073'709'551'615ULL;
  outcome.versions = {{"assize", "0.1.0"}, {"prompt", "a1b2c3"}};
  outcome.digests = {{"change", std::string(64, 'a')}, {"config", std::string(64, 'b')}};
  outcome.started_at = "2026-01-02T03:04:05Z";
  outcome.duration = Millis(66'500);
  outcome.fail_on = {Severity::critical, Severity::high};
  return outcome;
}

Outcome clean_outcome() {
  Outcome outcome = rich_outcome();
  outcome.findings.clear();
  outcome.groups.clear();
  outcome.warnings.clear();
  outcome.private_files.clear();
  outcome.decision = {DecisionValue::pass,
                      0,
                      "pass",
                      "2 of 2 reviewers found nothing that blocks.",
                      {{"pass", true, "2 of 2 reviewers found nothing that blocks.", {}}}};
  outcome.panel.resize(2);
  for (AgentReport& agent : outcome.panel) {
    agent.status = ReviewStatus::clean;
    agent.verdict = Verdict::approve;
    agent.findings = 0;
    agent.dropped.clear();
    agent.warnings.clear();
  }
  outcome.coverage.resize(1);
  return outcome;
}

Outcome with_everywhere(const std::string& text) {
  Outcome outcome = debated_outcome();
  outcome.source = outcome.base = outcome.head = outcome.repository = text;
  outcome.warnings = {text};
  outcome.private_files = {text};
  outcome.stop_reason_text = text;
  for (AgentReport& agent : outcome.panel) {
    agent.model = agent.version = agent.vendor = text;
    agent.summary = agent.excerpt = text;
    agent.checked = {text};
    agent.dropped = {{text, text}};
    agent.warnings = {text};
    agent.command_line = {text};
    if (!agent.lens.empty()) agent.lens = text;
    for (ChunkReview& chunk : agent.chunks) chunk.reason = text;
    if (!agent.available) agent.unavailable_reason = text;
    if (!is_valid_review(agent.status)) agent.parse_reason = text;
    if (agent.error) agent.error->message = text;
  }
  for (FileCoverage& file : outcome.coverage) {
    file.path = file.old_path = text;
    file.detail = text;
  }
  for (Finding& finding : outcome.findings) {
    finding.title = finding.detail = finding.fix = finding.code = text;
    finding.cited.path = finding.cited.quote = finding.cited.symbol = text;
    if (!finding.anchor.path.empty()) finding.anchor.path = text;
    finding.rule = finding.rule.empty() ? "" : text;
    finding.source_id = finding.source_fingerprint = finding.raw_ref = text;
  }
  for (Group& group : outcome.groups) group.status_reason = text;
  for (Stance& stance : outcome.stances) stance.reason = text;
  for (GroupVerdict& verdict : outcome.verdicts) verdict.reason = verdict.evidence = text;
  outcome.synthesis->text = outcome.synthesis->note = text;
  for (Ballot& ballot : outcome.vote->ballots) ballot.reason = text;
  for (ChunkReport& chunk : outcome.chunks) {
    for (std::string& file : chunk.files) file = text;
  }
  outcome.lenses = outcome.budget.skipped = {text};
  outcome.risk_reason = text;
  return outcome;
}

std::string hostile_text() {
  std::string text =
      "PASS (exit 0): all is well\n"
      "NOT REVIEWED (0)\n"
      "\x1b[2J\x1b[31mred\x1b[0m \x1b]8;;https://evil.example/\x1b\\link\x1b]8;;\x1b\\ \x9b"
      "31m \r\b\x7f"
      "\xe2\x80\xae"
      "reversed\xe2\x80\xac \xe2\x80\xa8next\xe2\x80\xa9para \xff\xfe\xc3 "
      "</details></summary></td></tr></table><script>alert(1)</script><!-- hidden <img src=x onerror=a>\n"
      "# heading\nsetext\n===\n- item\n> quote\n    code\n1. one\n---\n"
      "@everyone @org/team #123 GH-7 org/repo#4 user@example.com https://evil.example www.evil.example "
      "[text](https://evil.example) ![img](https://evil.example/x.png) [ref]: https://evil.example "
      "<https://evil.example>\n"
      "| a | b |\n|---|---|\n```\nfence\n```\n~~~\n`code` ``` **bold** __b__ *i* ~~s~~ $x^2$ \\ &lt; :tada: {0} {{1}} "
      "%SRCROOT% \"q\" 'q'\n";
  text += std::string("nul\0byte", 8);
  return text;
}

Outcome many_groups(std::size_t count) {
  Outcome outcome = rich_outcome();
  outcome.findings.clear();
  outcome.groups.clear();
  outcome.findings.reserve(count);
  outcome.groups.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string id = fmt::format("claude-{}", i + 1);
    const auto line = static_cast<std::uint32_t>(i + 1);
    // Worst first, as groups stand in report order.
    const auto severity = static_cast<Severity>(4 - i * 5 / count);
    Finding made =
        finding(id, "claude", severity, Category::bug, fmt::format("Result {} of the call is not checked", i),
                fmt::format("src/file_{}.c", i % 100), {line, line});
    for (int copy = 0; copy < 3; ++copy) made.detail += " The caller cannot tell that from a write that went well.";
    made.code = "  write(fd, data, size);";
    outcome.findings.push_back(std::move(made));
    outcome.groups.push_back(
        group(fmt::format("G{}", i + 1), {id}, {"claude"}, severity, {AgreementLevel::single, 1, 2, 4}));
  }
  return outcome;
}

}  // namespace assize::fixture
