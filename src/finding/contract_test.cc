#include "finding/contract.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "core/finding.h"
#include "core/outcome.h"
#include "finding/stances.h"
#include "finding/synthesis.h"
#include "finding/verdicts.h"

namespace assize {
namespace {

namespace json = boost::json;

// Strict mode, as model vendors define it: every object closed, and every property of it required.
void expect_strict(const json::value& schema, const std::string& place) {
  if (const json::array* list = schema.if_array()) {
    for (const json::value& item : *list) expect_strict(item, place);
    return;
  }
  const json::object* object = schema.if_object();
  if (object == nullptr) return;
  if (const json::value* properties = object->if_contains("properties"); properties != nullptr) {
    ASSERT_TRUE(object->contains("additionalProperties")) << place;
    EXPECT_EQ(object->at("additionalProperties"), json::value(false)) << place;
    std::set<std::string> required;
    for (const json::value& name : object->at("required").as_array()) required.emplace(name.as_string());
    std::set<std::string> named;
    for (const auto& [name, property] : properties->as_object()) named.emplace(name);
    EXPECT_EQ(required, named) << place;
  }
  for (const auto& [key, part] : *object) expect_strict(part, place + "/" + std::string(key));
}

TEST(Contract, is_a_strict_schema) {
  for (const std::string_view schema : {review_schema(), stances_schema(), verdicts_schema(), synthesis_schema()}) {
    expect_strict(json::parse(schema), "");
    EXPECT_EQ(schema.find("$ref"), std::string_view::npos);
  }
}

TEST(Contract, has_one_form_of_finding) {
  EXPECT_EQ(json::parse(stances_schema()).at_pointer("/properties/missed/items"),
            json::parse(review_schema()).at_pointer("/properties/findings/items"));
}

TEST(Contract, uses_the_names_of_the_code) {
  using Names = std::vector<std::string>;
  json::value schema = json::parse(review_schema());
  const auto names = [&](const char* pointer) {
    Names all;
    for (const json::value& name : schema.at_pointer(pointer).as_array()) all.emplace_back(name.as_string());
    return all;
  };
  const auto words = [](auto... values) { return Names{std::string(to_string(values))...}; };
  for (const std::string& name : names("/properties/findings/items/properties/severity/enum")) {
    EXPECT_TRUE(severity_from(name)) << name;
  }
  for (const std::string& name : names("/properties/findings/items/properties/category/enum")) {
    EXPECT_TRUE(category_from(name)) << name;
  }
  const Names verdicts = words(Verdict::approve, Verdict::comment, Verdict::request_changes);
  EXPECT_EQ(names("/properties/verdict/enum"), verdicts);
  schema = json::parse(synthesis_schema());
  EXPECT_EQ(names("/properties/recommendation/enum"), verdicts);
  schema = json::parse(stances_schema());
  EXPECT_EQ(names("/properties/stances/items/properties/stance/enum"),
            words(StanceValue::agree, StanceValue::disagree, StanceValue::unsure));
  schema = json::parse(verdicts_schema());
  EXPECT_EQ(names("/properties/verdicts/items/properties/status/enum"),
            words(VerdictStatus::verified, VerdictStatus::unsupported, VerdictStatus::needs_human));
}

}  // namespace
}  // namespace assize
