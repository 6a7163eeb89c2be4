#pragma once

#include <cstddef>
#include <cstdint>
#include <optexplore/experiment.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "picture/scene.hpp"

namespace optexplore::picture {

/// The files of src/picture/page/web: a template with the places <!--TITLE-->, <!--STYLE-->, <!--SCRIPT--> and
/// <!--DATA-->, and what goes there. Scripts in their order.
extern const std::string_view page_page;
extern const std::string_view page_style;
extern const std::string_view page_scripts[];
extern const std::size_t page_scripts_count;

/// What a page's scene should keep: every step of short runs; of long ones evenly spaced steps and those that shape the
/// path at several times the size it has at first, so that the page stays below 5 MB.
/// @param trajectories  how many there will be
SceneOptions page_scene_options(SceneOptions options, const Experiment& experiment, std::uint64_t trajectories);

/// A self-contained HTML page with the contours, the paths and their convergence to play, zoom and explore.
/// @param title  instead of the scene's own
std::string page(const Scene& scene, const std::optional<std::string>& title);

}  // namespace optexplore::picture
