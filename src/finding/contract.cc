#include "finding/contract.h"

#include <string>

#include <boost/json.hpp>

#include "core/result.h"
#include "finding/stances.h"
#include "finding/synthesis.h"
#include "finding/verdicts.h"
#include "finding_schema.h"
#include "stances_schema.h"
#include "synthesis_schema.h"
#include "verdicts_schema.h"

namespace assize {

namespace {

// The document refers to the finding of the review's schema; agents are given one document without references.
std::string with_findings(std::string_view schema) {
  boost::json::value whole = boost::json::parse(schema);
  const boost::json::value review = boost::json::parse(review_schema());
  boost::json::value& missed = whole.at("properties").at("missed").at("items");
  CHECK(missed.at("$ref") == "finding.schema.json#/properties/findings/items");
  missed = review.at("properties").at("findings").at("items");
  return boost::json::serialize(whole);
}

}  // namespace

// The bytes of docs/*.schema.json, so that the documents and what agents are given cannot differ.
std::string_view review_schema() {
  return embedded::k_finding_schema_json;
}

std::string_view stances_schema() {
  static const std::string schema = with_findings(embedded::k_stances_schema_json);
  return schema;
}

std::string_view verdicts_schema() {
  return embedded::k_verdicts_schema_json;
}

std::string_view synthesis_schema() {
  return embedded::k_synthesis_schema_json;
}

}  // namespace assize
