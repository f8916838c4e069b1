#include "finding/contract.h"

#include "finding_schema.h"

namespace assize {

// The bytes of docs/finding.schema.json, so that the document and what agents are given cannot differ.
std::string_view review_schema() {
  return embedded::k_finding_schema_json;
}

}  // namespace assize
