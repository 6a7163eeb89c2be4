#pragma once

#include <cstdint>

namespace optexplore::study {

/// Who draws random numbers besides rules: the name space of draw sites. A rule's graph numbers its own from 0, and
/// reaches none of these; a site that takes a range says so.
enum DrawSite : std::uint32_t {
  settings_site = 0xF0000000,        ///< + number of the hyperparameter: random settings
  tuned_settings_site = 0xF1000000,  ///< which settings `compare --tune` tries
  tuning_starts_site = 0xF1000001,   ///< which starts it tunes on
  bootstrap_site = 0xF1000002,       ///< resamples of problems
  starts_site = 0xF8000000,          ///< + number of the draw in a block's text: random starts
  gradient_check_site = 0xFC000000,  ///< points where gradients are compared
  lanczos_site = 0xFD000000,         ///< where the search for the largest eigenvalue begins
  principal_axes_site = 0xFD000001,  ///< where the search for a picture's plane begins
};

}  // namespace optexplore::study
