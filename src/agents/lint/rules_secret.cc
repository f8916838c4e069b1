// Secrets and leftovers that are the same in every language. A value is never repeated: not in the title, not as a
// quote. The examples are put together from pieces so that no scanner takes this file for a leak.
#include "agents/lint/guards.h"
#include "agents/lint/rule.h"

namespace assize::lint {

namespace {
constexpr std::string_view kSecretDetail =
    "Whoever can read the repository, now or in its history, can use it. Its value is not repeated here.";
constexpr std::string_view kSecretFix =
    "Revoke it, remove it from the history, and read it from the environment or a secret store.";
}  // namespace

std::vector<Rule> secret_rules() {
  const Languages any = Languages::any();
  return {
      {.id = "secret.aws-access-key",
       .languages = any,
       .view = View::raw,
       .severity = Severity::high,
       .category = Category::security,
       .confidence = 0.9,
       .keywords = {"akia", "asia"},
       .pattern = R"re(\b((?:AKIA|ASIA)[A-Z2-7]{16})\b)re",
       .unless = "EXAMPLE",
       .title = "An AWS access key id is written into the file",
       .detail = kSecretDetail,
       .fix = kSecretFix,
       .flags = {"key = 'AKIA"
                 "QYLPMN5HHHFPZAM2'",
                 "export AWS_ACCESS_KEY_ID=ASIA"
                 "Y34FZKBOKMUTVV7A"},
       .passes = {"key = 'AKIAIOSFODNN7EXAMPLE'", "AKIA is a prefix"},
       .secret = true},
      {.id = "secret.github-token",
       .languages = any,
       .view = View::raw,
       .severity = Severity::high,
       .category = Category::security,
       .confidence = 0.95,
       .keywords = {"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"},
       .pattern = R"re(\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{30,}))re",
       .title = "A GitHub token is written into the file",
       .detail = kSecretDetail,
       .fix = kSecretFix,
       .flags = {"token: ghp_"
                 "Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zA7bC"},
       .passes = {"token: ghp_", "tokens begin with ghp_ and have 36 characters", "token: ${{ secrets.GITHUB_TOKEN }}"},
       .secret = true},
      {.id = "secret.private-key",
       .languages = any,
       .view = View::raw,
       .severity = Severity::high,
       .category = Category::security,
       .confidence = 0.9,
       .keywords = {"private key-----"},
       .pattern = "-----BEGIN (?:[A-Z]+ ){0,3}PRIVATE KEY-----",
       .unless = R"re(\b(?:if|in|startswith|contains|grep|match)\b)re",
       .title = "A private key is written into the file",
       .detail = kSecretDetail,
       .fix = kSecretFix,
       .flags = {"-----BEGIN RSA "
                 "PRIVATE KEY-----",
                 "KEY=\"-----BEGIN "
                 "PRIVATE KEY-----"},
       .passes = {"-----BEGIN PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----"},
       .secret = true},
      {.id = "secret.slack-token",
       .languages = any,
       .view = View::raw,
       .severity = Severity::high,
       .category = Category::security,
       .confidence = 0.9,
       .keywords = {"xox", "hooks.slack.com"},
       .pattern = R"re(\bxox[abprs]-[0-9A-Za-z]+-[0-9A-Za-z-]{10,}|hooks\.slack\.com/services/T\w+/B\w+/\w{20,})re",
       .title = "A Slack token or webhook is written into the file",
       .detail = kSecretDetail,
       .fix = kSecretFix,
       .flags = {"slack = \"xoxb-"
                 "2840573092-kJh7GfD5sA3qW1eR\""},
       .passes = {"xoxb- is the prefix", "https://hooks.slack.com/services/"},
       .secret = true},
      {.id = "secret.google-api-key",
       .languages = any,
       .view = View::raw,
       .severity = Severity::high,
       .category = Category::security,
       .confidence = 0.9,
       .keywords = {"aiza"},
       .pattern = R"re(\bAIza[0-9A-Za-z_-]{35})re",
       .title = "A Google API key is written into the file",
       .detail = kSecretDetail,
       .fix = kSecretFix,
       .flags = {"const key = 'AIza"
                 "SyD4fG6hJ8kL0qW2eR4tY6uI8oP0aS3dF5g'"},
       .passes = {"AIzaShort", "naizan"},
       .secret = true},
      {.id = "secret.provider-key",
       .languages = any,
       .view = View::raw,
       .severity = Severity::high,
       .category = Category::security,
       .confidence = 0.9,
       .keywords = {"sk_live_", "rk_live_", "sk-ant-", "sk-proj-", "glpat-", "npm_", "pypi-"},
       .pattern =
           R"re(\b(?:[sr]k_live_[0-9A-Za-z]{20,}|sk-(?:ant|proj)-[0-9A-Za-z_-]{24,}|glpat-[0-9A-Za-z_-]{20,}|npm_[0-9A-Za-z]{36}|pypi-[0-9A-Za-z_-]{50,}))re",
       .title = "A provider's secret key is written into the file",
       .detail = kSecretDetail,
       .fix = kSecretFix,
       .flags = {"stripe = sk_live_"
                 "4eC39HqLyjWDarjtT1zdp7dc",
                 "GITLAB=glpat-"
                 "x8Kd2Lm4Nq6Rt8Vz0Ab3"},
       .passes = {"sk_test_4eC39HqLyjWDarjtT1zdp7dc", "npm_config_cache=/tmp"},
       .secret = true},
      {.id = "secret.url-password",
       .languages = any,
       .view = View::raw,
       .severity = Severity::high,
       .category = Category::security,
       .confidence = 0.75,
       .keywords = {"://"},
       .pattern = R"re([a-z]://[^\s/:@"'<>{}$%]+:([^\s/:@"'<>{}$%]{6,})@[\w.-]+)re",
       .guard = looks_random,
       .title = "A URL carries a user name and a password",
       .detail = kSecretDetail,
       .fix = kSecretFix,
       .flags = {"DATABASE = 'postgres://app:q8Zr-2mKx7vT@db.internal/app'"},
       .passes = {"postgres://app:password@localhost/app", "https://$USER:$TOKEN@host/x", "git@github.com:a/b.git",
                  "http://127.0.0.1:8080/a@b", "https://user:${PASSWORD}@host"},
       .secret = true},
      {.id = "secret.assigned-literal",
       .languages = any,
       .view = View::raw,
       .severity = Severity::medium,
       .category = Category::security,
       .confidence = 0.6,
       .keywords = {"passw", "secret", "token", "apikey", "api_key", "api-key", "private_key"},
       .pattern =
           R"re((?i)(?:passwo?r?d|passwd|secret|token|api[_-]?key|private_key)\w*["']?\s*(?:=|:|:=|=>)\s*["']([^"'\s]{8,})["'])re",
       .guard = looks_random,
       .title = "What looks like a secret is assigned as a literal",
       .detail = kSecretDetail,
       .fix = kSecretFix,
       .flags = {"db_password = \"kX9#mQ2$vL7p\"", "  \"apiKey\": \"9f8e7d6c5b4a39281706f5e4d3c2b1a0\","},
       .passes = {"password = \"changeme\"", "token = os.environ[\"TOKEN\"]", "secret: ${SECRET_FROM_VAULT_1}",
                  "password = getpass(\"Password: \")", "token_url = \"/api/token/v1\"",
                  "api_key = '<insert key 12345>'"},
       .secret = true},
      {.id = "any.merge-marker",
       .languages = any,
       .view = View::raw,
       .severity = Severity::high,
       .confidence = 0.95,
       .keywords = {"<<<<<<<", ">>>>>>>"},
       .pattern = R"re(^(?:<<<<<<<|>>>>>>>)(?: |$))re",
       .title = "A merge conflict marker was left in",
       .detail = "The file holds both sides of a conflict that nobody resolved.",
       .fix = "Resolve the conflict and remove the markers.",
       .flags = {"<<<<<<< HEAD", "a\n>>>>>>> feature/x\n"},
       .passes = {"=======", "cat <<<<EOF", "  >>>>>>> quoted in a document", ">>> import this"}},
  };
}

std::vector<Rule> all_rules() {
  std::vector<Rule> all;
  for (auto* table : {secret_rules, c_rules, python_rules, script_rules, compiled_rules, shell_rules, data_rules}) {
    for (Rule& rule : table()) all.push_back(std::move(rule));
  }
  return all;
}

}  // namespace assize::lint
