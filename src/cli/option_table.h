// Every command and option: what exists, what it takes, where its value goes, what is not built yet. Data only;
// options.cc reads the command line by it, and the help is printed from it.
#pragma once

#include <span>
#include <string_view>

#include "cli/options.h"

namespace assize {

struct CommandRow {
  Command command;
  std::string_view name;
  std::string_view arguments;  // as the help shows them
  std::string_view help;       // one sentence
  std::size_t max_arguments = 0;
};
std::span<const CommandRow> command_table();

// Names of the specification's commands that this version refuses.
std::span<const std::string_view> commands_not_yet();

// The commands that an option belongs to, as bits.
enum : unsigned {
  kReview = 1U << 0,
  kPlan = 1U << 1,
  kDoctor = 1U << 2,
  kInit = 1U << 3,
  kConfig = 1U << 4,
  kTrust = 1U << 5,
  kParse = 1U << 6,
  kGroup = 1U << 7,
  kRun = 1U << 8,
  kRuns = kReview | kPlan,  // the two that choose a change and a panel
  kPanels = kRuns | kRun,   // those that choose a panel
};
unsigned bit_of(Command command);

enum class OptionKind {
  flag,     // takes no value
  value,    // takes one, may be given once
  list,     // takes one, may be given several times
  not_yet,  // refused, whether or not it takes a value
};

struct OptionRow {
  std::string_view name;  // with its dashes
  OptionKind kind = OptionKind::flag;
  unsigned commands = 0;
  std::string_view metavar = {};
  std::string_view help = {};
  // "section.key" of the config that it sets; empty: it has a field of its own in Options. Two options of one key
  // contradict each other.
  std::string_view config_key = {};
  std::string_view flag_value = "true";  // what a flag sets that key to
};
std::span<const OptionRow> option_table();

}  // namespace assize
