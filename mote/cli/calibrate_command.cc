// mote calibrate: the constants that join MOTE's two terms, from unlabelled scores.
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>

#include "mote/base/error.h"
#include "mote/cli/command.h"
#include "mote/estimate/calibration.h"
#include "mote/estimate/mote_terms.h"
#include "mote/run/class_sample.h"

namespace mote::cli {
namespace {

struct CalibrateOptions {
  ScoreSettings settings;
  OutputOptions output;
  std::string store;
  int cells = 300;
  std::filesystem::path records;
};

struct Terms {
  std::vector<double> landscape;
  std::vector<double> speed;
};

// The losses that the MOTE authors published, with counted seconds.
Terms FromRecords(const Table& records, const SearchSpace& space, MoteForm form) {
  const auto columns = [&](const char* prefix, int first, int last) {
    std::vector<int> found;
    for (int i = first; i <= last; ++i) found.push_back(records.Column(prefix + std::to_string(i)));
    return found;
  };
  const std::vector<int> line = columns("landscape_loss_", 0, 10);
  const std::vector<int> epochs = columns("train_loss_", 1, 50);
  const auto values = [&](int row, const std::vector<int>& which) {
    std::vector<double> losses;
    for (int column : which) losses.push_back(records.Value(row, column).value_or(NAN));
    return losses;
  };
  Terms terms;
  for (int row = 0; row < records.rows(); ++row) {
    const Architecture& cell = records.architectures()[row];
    if (!space.IsConnected(cell)) continue;
    const double seconds = CountedSeconds(space.CountLiveEdges(space.Canonicalize(cell)));
    terms.landscape.push_back(LandscapeTerm(values(row, line), form));
    terms.speed.push_back(SpeedTerm(values(row, epochs), seconds, form));
  }
  return terms;
}

// Both terms of every cell in one form, off the same probes.
Terms Measure(CalibrateOptions& options, const std::string& form, Environment& environment,
              bool announce) {
  ScoreSettings settings = options.settings;
  settings.store = StorePath(options.store);
  settings.estimators = {"mote.landscape", "mote.speed"};
  settings.set.push_back("mote.landscape.form=" + form);
  settings.set.push_back("mote.speed.form=" + form);
  Session session(environment.catalog, settings, environment.stop);
  OpenStore(session, options.store);
  // Connected ones: what cannot learn says nothing of a scale.
  const auto cells =
      SampleClasses(session.space(), options.cells, Key(settings.score_seed, "calibrate"));
  if (announce) {
    Note(options.output, "data: " + session.dataset().Describe());
    PrintForecast(options.output, session, session.estimators(), int(cells.size()));
  }
  Progress bar(std::cerr, ProgressOptions::ForStderr("calibrating", options.output.quiet));
  const auto scores =
      session.Score(session.estimators(), cells, {.seed = settings.score_seed}, Follow(bar));
  Terms terms;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!scores[0][i] || !scores[1][i]) continue;
    terms.landscape.push_back(*scores[0][i]);
    terms.speed.push_back(*scores[1][i]);
  }
  return terms;
}

void Run(const CalibrateOptions& given, Environment& environment) {
  CalibrateOptions options = given;
  CheckOutput(options.output);
  const bool from_records = !options.records.empty();
  std::string source =
      from_records ? fmt::format("mote calibrate --records {}", options.records.filename().string())
                   : fmt::format("mote calibrate --preset {} --cells {} --seed {} --data {}",
                                 options.settings.preset, options.cells,
                                 options.settings.score_seed, options.settings.data);
  for (const std::string& text : options.settings.set) source += " --set " + text;
  nlohmann::ordered_json json;
  json["mote"] = {{"format", 1}};
  json["preset"] = options.settings.preset;
  ResultTable table({{.name = "form"},
                     {.name = "term"},
                     {.name = "lambda", .precision = 6},
                     {.name = "shift", .precision = 6},
                     {.name = "weight", .precision = 6},
                     {.name = "cells"}});
  bool announce = true;
  for (const std::string form : {"released", "slides"}) {
    const MoteForm mote_form = form == "slides" ? MoteForm::kSlides : MoteForm::kReleased;
    Terms terms;
    if (from_records) {
      const auto space = environment.catalog.spaces.Create(options.settings.space, {});
      terms = FromRecords(Table::Load(options.records, *space), *space, mote_form);
    } else {
      terms = Measure(options, form, environment, announce);
    }
    announce = false;
    const Calibration calibration = FitCalibration(terms.landscape, terms.speed, source);
    json[form] = ToJson(calibration);
    const auto add = [&](const char* term, const TermTransform& transform) {
      table.AddRow({form, term, transform.lambda, transform.shift, transform.weight,
                    std::int64_t(terms.landscape.size())});
    };
    add("landscape", calibration.landscape);
    add("speed", calibration.speed);
  }
  if (FormatOf(options.output) == Format::kJson || !options.output.out.empty()) {
    PrintText(json.dump(2) + "\n", options.output);
  } else {
    Print(table, options.output);
  }
}

}  // namespace

void AddCalibrateCommand(CLI::App& app, Environment& environment) {
  auto* command = app.add_subcommand(
      "calibrate", "Measure the constants that join MOTE's two terms, for a preset and your data");
  auto options = std::make_shared<CalibrateOptions>();
  AddScoreOptions(*command, options->settings);
  command->add_option("--cells", options->cells, "connected cells of different classes, by seed")
      ->check(CLI::Range(3, 5000))
      ->capture_default_str();
  command->add_option("--seed", options->settings.score_seed, "of cells, weights, batches, images")
      ->capture_default_str();
  command->add_option("--records", options->records,
                      "fit to published losses instead: CSV with columns landscape_loss_0 .. 10 "
                      "and train_loss_1 .. 50");
  AddStoreOption(*command, options->store);
  AddOutputOptions(*command, options->output,
                   "write the constants to this JSON file, for --set mote.calibration=FILE");
  command->footer(
      "Example:\n  mote calibrate --preset fast --cells 300 --data FOLDER --out mine.json\n"
      "  mote score --sample 20 --data FOLDER --set mote.calibration=mine.json");
  command->callback([=, &environment] { Run(*options, environment); });
}

}  // namespace mote::cli
