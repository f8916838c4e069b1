// Whole files after the change: for analysers, for anchoring, and for context.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "change/change.h"
#include "change/plan.h"
#include "change/source.h"

namespace assize {

struct ImageLimits {
  ByteCount max_file{4ULL << 20};  // larger ones are not known
  ByteCount max_total{64ULL << 20};
};

// The post-images of the kept files, where they can be had: from the working tree, or from git by object name, all in
// one `git cat-file`. For a patch: the tree's file when it is what the patch made, or what it makes of the tree's file.
// What cannot be had is missing; that is never an error, save when git itself fails.
Result<PostImages> load_post_images(const Change& change, const Plan& plan, const Source& source, const World& world,
                                    const ImageLimits& limits = {});

// Whether every context and added line of the hunks stands in `image` at its new number.
bool is_post_image(std::string_view image, const FileChange& file);

// `image` with the hunks applied; empty when a context or removed line does not stand at its old number.
std::optional<std::string> apply_hunks(std::string_view image, const FileChange& file);

}  // namespace assize
