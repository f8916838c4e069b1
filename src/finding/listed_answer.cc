#include "finding/listed_answer.h"

#include <algorithm>

#include <fmt/format.h>

#include "finding/refusal.h"

namespace assize {

namespace {

constexpr int kWrapperDepth = 4;              // {"result": {"verdicts": […]}} and the like
constexpr std::size_t kEchoWork = 64U << 20;  // bytes compared while looking for echoes

bool says_something(JsonRef object, const std::vector<std::string_view>& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return bool(object.find(word)); });
}

// An object about a group that says one of the words. Outside of a list, "id" is too common a key.
bool is_item(JsonRef value, const std::vector<std::string_view>& words) {
  return value.is(JsonKind::object) && (value.find("group") || value.find("groupid")) && says_something(value, words);
}
bool is_listed_item(JsonRef value, const std::vector<std::string_view>& words) {
  return is_item(value, words) || (value.is(JsonKind::object) && value.find("id") && says_something(value, words));
}

struct Names {
  std::string_view list, also;
  std::vector<std::string_view> words;
};

void collect(JsonRef value, int depth, const Names& names, std::vector<Shape>& shapes) {
  if (value.is(JsonKind::object)) {
    if (value.find(names.list) || (!names.also.empty() && value.find(names.also).is(JsonKind::array))) {
      shapes.push_back({ShapeKind::review, value});
      return;
    }
    if (is_item(value, names.words)) {
      shapes.push_back({ShapeKind::single, value});
      return;
    }
  } else if (value.is(JsonKind::array)) {
    for (JsonRef item = value.first(); item; item = item.next()) {
      if (is_listed_item(item, names.words)) {
        shapes.push_back({ShapeKind::list, value});
        return;
      }
    }
  } else {
    return;
  }
  if (depth == 0) return;
  for (JsonRef child = value.first(); child; child = child.next()) collect(child, depth - 1, names, shapes);
}

}  // namespace

ListForm make_list_form(std::string_view list, std::string_view also, std::vector<std::string_view> words) {
  const Names names{list, also, words};
  ListForm form{.list = list, .also = also, .words = std::move(words), .answer = {}};
  form.answer.shapes = [names](JsonRef root) {
    std::vector<Shape> shapes;
    collect(root, kWrapperDepth, names, shapes);
    return shapes;
  };
  form.answer.keys = {list, also};
  // An item's key behind a bracket or another member; a description of the form has prose there.
  form.answer.marks = {"{group:", ",group:"};
  form.answer.is_item = [names](JsonRef item) { return is_item(item, names.words); };
  return form;
}

ListedAnswer::ListedAnswer(std::string_view answer, std::string_view shown, const ListForm& form)
    : text_(answer), form_(form), reader_(text_.view()), echo_(shown, form.answer) {
  if (text_.view().empty()) {
    reason_ = "the answer is empty";
    return;
  }
  const Candidates candidates = find_candidates(text_.view(), reader_, form.answer);
  gave_up_ = candidates.gave_up;
  for (const Candidate& candidate : candidates.found) {
    for (const Shape& shape : candidate.shapes) take(shape, candidate.parse);
  }
  decide(candidates);
  warn(candidates);
}

bool ListedAnswer::is_echo(JsonRef value) {
  return is_echo(value, value.end());
}

bool ListedAnswer::is_echo(JsonRef value, std::size_t end) {
  if (echo_.work() > kEchoWork) {
    gave_up_ = true;  // what cannot be compared cannot be trusted
    return true;
  }
  if (!echo_.occurs(text_.view().substr(value.begin(), end - value.begin())) && !echo_.repeats(value)) return false;
  ++echoes_;
  return true;
}

void ListedAnswer::take(const Shape& shape, const JsonParse& parse) {
  if (is_echo(shape.value, shape.value.is_open() ? parse.stop : shape.value.end())) return;
  ++taken_;
  switch (shape.kind) {
    case ShapeKind::review:
      objects_.push_back(shape.value);
      // A key that comes twice is read twice.
      for (JsonRef member = shape.value.first(); member; member = member.next()) {
        if (same_key(member.key(), form_.list)) take_list(member);
      }
      break;
    case ShapeKind::list:
      take_list(shape.value);
      break;
    case ShapeKind::single:
      take_item(shape.value, {});
      break;
  }
  if (!shape.value.is_open()) return;
  early_ = parse.end == JsonEnd::broken ? fmt::format("the JSON cannot be read from byte {} on", parse.stop)
                                        : "the JSON ends early";
}

void ListedAnswer::take_list(JsonRef list) {
  if (list.is(JsonKind::null)) return;
  if (is_listed_item(list, form_.words)) return take_item(list, {});
  const bool by_id = list.is(JsonKind::object);
  if (!by_id && !list.is(JsonKind::array)) {
    ++dropped_;
    return;
  }
  for (JsonRef item = list.first(); item; item = item.next()) {
    if (!by_id && item.is(JsonKind::array) && item.first().is(JsonKind::object)) {  // a list in the list
      for (JsonRef inner = item.first(); inner; inner = inner.next()) take_item(inner, {});
    } else {
      take_item(item, by_id ? item.key() : std::string_view());
    }
  }
}

void ListedAnswer::take_item(JsonRef item, std::string_view key) {
  const bool word_by_id = !key.empty() && (item.is(JsonKind::string) || item.is(JsonKind::boolean));
  if (word_by_id || (item.is(JsonKind::object) && !item.is_open())) {
    if (word_by_id || !is_echo(item)) items_.push_back({item, key});
  } else {
    ++dropped_;  // cut off, or no item at all
  }
}

void ListedAnswer::decide(const Candidates& candidates) {
  if (taken_ > 0) {
    if (!items_.empty()) return;
    if (!early_.empty()) reason_ = early_ + ", before anything was said";
    if (gave_up_) reason_ = "too many broken pieces of JSON to read all of them";
    if (dropped_ > 0) reason_ = fmt::format("none of the items of \"{}\" can be read", form_.list);
    if (echoes_ > 0 && reason_.empty()) reason_ = "all that it says is a copy of what the agent was shown";
    return;
  }
  if (candidates.broken_contract) {
    reason_ = "the answer's JSON cannot be read";
  } else if (gave_up_) {
    reason_ = "too many broken pieces of JSON to read all of them";
  } else if (echoes_ > 0) {
    reason_ = fmt::format("the only \"{}\" in the answer are a copy of what the agent was shown", form_.list);
  } else if (!candidates.empty_list_alone) {
    reason_ = is_refusal(text_.view()) ? "the agent declined" : fmt::format("the answer has no \"{}\"", form_.list);
  }
}

void ListedAnswer::warn(const Candidates& candidates) {
  if (taken_ == 0) return;
  const auto warning = [this](std::string text) { warnings_.push_back(std::move(text)); };
  if (objects_.size() > 1) warning(fmt::format("{} answers in one were united", objects_.size()));
  if (echoes_ > 0) warning(fmt::format("{} copies of what the agent was shown were ignored", echoes_));
  if (!early_.empty()) warning(fmt::format("{}; what was complete is kept", early_));
  if (dropped_ > 0) warning(fmt::format("{} items cannot be read and were dropped", dropped_));
  if (candidates.broken_contract) warning("part of the answer cannot be read");
  if (gave_up_) warning("not all of the answer was read: too many broken pieces of JSON");
}

}  // namespace assize
