// The SARIF reader over any bytes: no crash, and what comes out keeps its promises.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/sarif.h"
#include "core/text.h"
#include "finding/sarif_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto read = assize::read_sarif_findings(bytes, "fuzz");
  if (read) {
    for (const assize::Finding& finding : read->findings) {
      if (finding.title.empty() || finding.title.size() > 300 || !assize::is_valid_utf8(finding.title)) std::abort();
      if (finding.cited.lines &&
          (finding.cited.lines->first == 0 || finding.cited.lines->last < finding.cited.lines->first)) {
        std::abort();
      }
    }
  }
  if (!assize::is_valid_utf8(bytes)) return 0;
  if (assize::path_of_uri(bytes).empty() != bytes.empty()) std::abort();
  return 0;
}
