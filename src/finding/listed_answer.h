// Finds the items of an answer that is a list under one key, one item a group, as debaters and verifiers give it: in an
// object, a bare list, or one by one; in prose, in fences, with its JSON mended. What stands in the prompt as well is
// no answer, and what was cut off is left out. Linear; never throws.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "finding/answer_text.h"
#include "finding/candidates.h"
#include "finding/echo.h"
#include "finding/lenient_json.h"

namespace assize {

// What the lists are called. Names are those of JsonRef::find(): lower case, without '_'.
struct ListForm {
  std::string_view list;                // "stances"
  std::string_view also;                // another key that makes an object one of these; may be empty
  std::vector<std::string_view> words;  // an item says what it says under one of these: "stance", "vote"
  AnswerForm answer;                    // of the above: see make_list_form
};
ListForm make_list_form(std::string_view list, std::string_view also, std::vector<std::string_view> words);

// The key of the group that an item is about.
inline constexpr std::array<std::string_view, 3> kGroupKeys = {"group", "groupid", "id"};

class ListedAnswer {
 public:
  struct Item {
    JsonRef value;         // an object; of a list that is given as an object by id also the word alone
    std::string_view key;  // the id, when the list is such an object
  };

  // `shown` is the whole prompt. The form and both texts must outlive it.
  ListedAnswer(std::string_view answer, std::string_view shown, const ListForm& form);

  bool readable() const { return reason_.empty(); }
  const std::string& reason() const { return reason_; }
  const std::vector<Item>& items() const { return items_; }         // in the order of the text
  const std::vector<JsonRef>& objects() const { return objects_; }  // that hold a list, or the other key
  const std::vector<std::string>& warnings() const { return warnings_; }

  // Whether a value of the answer stands in what was shown.
  bool is_echo(JsonRef value);

 private:
  void take(const Shape& shape, const JsonParse& parse);
  void take_list(JsonRef list);
  void take_item(JsonRef item, std::string_view key);
  bool is_echo(JsonRef value, std::size_t end);
  void decide(const Candidates& candidates);
  void warn(const Candidates& candidates);

  AnswerText text_;
  const ListForm& form_;
  JsonReader reader_;
  EchoDetector echo_;
  std::vector<Item> items_;
  std::vector<JsonRef> objects_;
  std::vector<std::string> warnings_;
  std::string reason_;
  std::string early_;  // why the answer was not read to its end
  std::size_t taken_ = 0, echoes_ = 0, dropped_ = 0;
  bool gave_up_ = false;
};

}  // namespace assize
