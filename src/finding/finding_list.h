// The findings of one answer as they are read: numbered, each once however many drafts of it the answer holds.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/finding.h"
#include "finding/shapes.h"

namespace assize {

class FindingList {
 public:
  static constexpr std::size_t kMax = 10'000;  // of one answer; more is not a review

  // `agent`: whose answer it is; ids are "<agent>-<n>" from 1.
  explicit FindingList(std::string agent) : agent_(std::move(agent)) {}

  // Another review in the same answer: what it repeats is the final form of a draft, and not a second finding. The
  // worse severity stays.
  void next_source() { ++source_; }
  // Adds what an item says. Returns why it is no finding; empty when it is one.
  std::string_view add(JsonRef item, std::string ref);

  std::size_t size() const { return findings_.size(); }
  bool is_full() const { return findings_.size() >= kMax; }
  const ItemNotes& notes() const { return notes_; }
  std::vector<Finding> take() { return std::move(findings_); }

 private:
  struct Seen {
    std::size_t source = 0;  // in which it first stood
    std::size_t index = 0;   // among the findings
  };
  std::string agent_;
  std::vector<Finding> findings_;
  std::map<std::string, Seen> seen_;  // by content
  ItemNotes notes_;
  std::size_t source_ = 0;
};

}  // namespace assize
