// Calibration files, as the estimator `mote` reads them.
#include <nlohmann/json.hpp>

#include "mote/estimate/calibration.h"
#include "mote/run/catalog.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {
namespace {

bool AreEqual(const TermTransform& a, const TermTransform& b) {
  return a.lambda == b.lambda && a.shift == b.shift && a.weight == b.weight;
}

}  // namespace

std::vector<std::string> Seeds() {
  const Calibration calibration{
      .landscape = {0.5, -1.25, 3}, .speed = {-2, 1e-3, 1}, .source = "x"};
  const nlohmann::json both = {{"released", ToJson(calibration)}, {"slides", ToJson(calibration)}};
  return {both.dump(2),
          R"({"released": {"landscape": {"lambda": 1, "shift": 0, "weight": 1e0},
              "speed": {"lambda": 1, "shift": 0, "weight": -0.0}, "source": "\u00e9"}})"};
}

std::vector<std::string> Words() {
  return {"\"released\"", "\"slides\"", "\"landscape\"", "\"speed\"", "\"lambda\"",
          "\"shift\"",    "\"weight\"", "\"source\"",    "1e999",     "null",
          "{}",           "[",          "\\ud800"};
}

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  static const fuzz::Folder folder;
  const Catalog& catalog = BuiltinCatalog();
  static const std::unique_ptr<Preset> preset = catalog.presets.Create("fast", {});
  const std::string_view text = fuzz::TextOf(data, size);
  const std::string file = folder.Put("calibration.json", text).string();
  const auto estimator = fuzz::Try([&] {
    return catalog.estimators.Create("mote", {{"calibration", file}, {"form", "released"}},
                                     Setting{*preset});
  });
  if (!estimator) return 0;
  const auto json = nlohmann::json::parse(text);
  const Calibration calibration = CalibrationFromJson(json.at("released"), "file");
  const auto printed = nlohmann::json::parse(ToJson(calibration).dump());
  const Calibration again = CalibrationFromJson(printed, "again");
  MOTE_CHECK(fuzz::AreEqual(again.landscape, calibration.landscape) &&
             fuzz::AreEqual(again.speed, calibration.speed) && again.source == calibration.source);
  return 0;
}
