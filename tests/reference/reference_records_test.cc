// The MOTE authors' records of 10,000 NAS-Bench-201 cells (Zhang et al., NeurIPS 2024) against the
// benchmark's accuracies (Dong & Yang, ICLR 2020): our arithmetic gives their scores, and our
// statistics the correlations that an independent computation gave for the same files.
//
// Needs the folder nasbench201 in MOTE_DATA with the two tables; skips without.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <numeric>
#include <set>

#include "mote/base/check.h"
#include "mote/base/stats.h"
#include "mote/estimate/mote_terms.h"
#include "mote/run/correlation.h"
#include "mote/run/table.h"
#include "mote/space/nasbench201.h"

namespace mote {

MOTE_SPACE(nasbench201);

namespace {

using Values = std::vector<double>;

std::unique_ptr<SearchSpace> NasBench201() {
  SpaceRegistry spaces("space");
  RegisterSpace_nasbench201(spaces);
  return spaces.Create("nasbench201", {});
}

std::filesystem::path DataFolder() {
  const char* folder = std::getenv("MOTE_DATA");
  return std::filesystem::path(folder ? folder : MOTE_SOURCE_DIR "/../shared/data") / "nasbench201";
}

// One record, as the authors wrote it but for rounding (losses to 5 decimals, terms to 7).
struct Record {
  Architecture architecture;
  double seconds;
  double landscape;
  double speed;
  double mote;
  Values line_losses;
  Values epoch_losses;
};

using Targets = std::array<double, 3>;  // CIFAR-10, CIFAR-100, ImageNet16-120

class ReferenceRecords : public testing::Test {
 protected:
  void SetUp() override {
    const auto records = DataFolder() / "mote_reference.csv.gz";
    const auto truths = DataFolder() / "accuracy.csv.gz";
    if (!std::filesystem::exists(records) || !std::filesystem::exists(truths)) {
      GTEST_SKIP() << "no " << records << " and " << truths << ": set MOTE_DATA to the data folder";
    }
    space_ = NasBench201();
    const Table table = Table::Load(records, *space_);
    for (int row = 0; row < table.rows(); ++row) {
      const auto value = [&](const std::string& name) {
        return table.Value(row, table.Column(name)).value();
      };
      Record record{.architecture = table.architectures()[std::size_t(row)],
                    .seconds = value("train_seconds"),
                    .landscape = value("landscape_term"),
                    .speed = value("speed_term"),
                    .mote = value("mote"),
                    .line_losses = {},
                    .epoch_losses = {}};
      for (int g = 0; g <= 10; ++g) {
        record.line_losses.push_back(value(fmt::format("landscape_loss_{}", g)));
      }
      for (int e = 1; e <= 50; ++e) {
        record.epoch_losses.push_back(value(fmt::format("train_loss_{}", e)));
      }
      records_.push_back(std::move(record));
    }
    truths_ = std::make_unique<Table>(Table::Load(truths, *space_));
    ASSERT_EQ(records_.size(), 10'000u);
    ASSERT_EQ(truths_->rows(), 10'000);
  }

  const Record& RecordOf(std::string_view text) const {
    const Architecture architecture = space_->Parse(text);
    const auto found = std::ranges::find(records_, architecture, &Record::architecture);
    MOTE_CHECK(found != records_.end(), "no record of {}", text);
    return *found;
  }

  double Truth(const Record& record, std::string_view column) const {
    return truths_->Value(truths_->Row(record.architecture).value(), truths_->Column(column))
        .value();
  }

  std::vector<Record> Where(const std::function<bool(const Record&)>& holds) const {
    std::vector<Record> some;
    std::ranges::copy_if(records_, std::back_inserter(some), holds);
    return some;
  }

  // `score` may depend on the target: it is told its column prefix.
  using Score = std::function<double(const Record&, const std::string& target)>;
  Correlation Measure(const std::vector<Record>& records, const Score& score,
                      const std::string& target) const {
    std::vector<std::optional<double>> scores;
    Values truths;
    for (const Record& record : records) {
      scores.push_back(score(record, target));
      truths.push_back(Truth(record, target + "_test_acc_200"));
    }
    return Correlate(scores, truths, Key(1), 0);
  }

  static constexpr std::array<const char*, 3> kTargets{"cifar10", "cifar100", "imagenet16-120"};

  void ExpectTau(const std::string& what, const std::vector<Record>& records, const Score& score,
                 const Targets& expected) const {
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(Measure(records, score, kTargets[i]).tau.value(), expected[i], 0.00055)
          << what << " against " << kTargets[i];
    }
  }

  std::unique_ptr<SearchSpace> space_;
  std::vector<Record> records_;  // in the order of the file, which is the benchmark's
  std::unique_ptr<Table> truths_;
};

double Sum(const Values& values) { return std::accumulate(values.begin(), values.end(), 0.0); }
double Mote(const Record& record, const std::string&) { return record.mote; }

TEST_F(ReferenceRecords, AreWhatOurArithmeticGives) {
  const Calibration calibration = ReleasedCalibration();
  for (const Record& record : records_) {
    const double landscape = LandscapeTerm(record.line_losses, MoteForm::kReleased);
    const double speed = SpeedTerm(record.epoch_losses, record.seconds, MoteForm::kReleased);
    ASSERT_NEAR(landscape, record.landscape, 1e-4) << record.architecture.text();
    ASSERT_NEAR(speed, record.speed, 1e-4) << record.architecture.text();
    ASSERT_NEAR(JoinTerms(landscape, speed, calibration), record.mote, 1e-4)
        << record.architecture.text();
    ASSERT_NEAR(JoinTerms(record.landscape, record.speed, calibration), record.mote, 1e-6)
        << record.architecture.text();
  }
}

TEST_F(ReferenceRecords, HoldTheGoldenRecords) {
  const Record& full = RecordOf(
      "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+"
      "|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|");
  EXPECT_NEAR(full.line_losses.front(), 2.2991, 5.1e-5);
  EXPECT_NEAR(full.line_losses.back(), 0.3797, 5.1e-5);
  EXPECT_NEAR(Mean(full.epoch_losses), 0.787746, 1e-5);
  EXPECT_NEAR(full.seconds, 12.8819, 5.1e-5);
  EXPECT_NEAR(full.landscape, 13.9175615, 1e-6);
  EXPECT_NEAR(full.speed, 16.3528785, 1e-6);
  EXPECT_NEAR(full.mote, 11.7532512, 1e-6);
  EXPECT_EQ(full.mote, std::ranges::max(records_, {}, &Record::mote).mote);

  // The best of all on CIFAR-100.
  const Record& best = RecordOf(
      "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+"
      "|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|");
  EXPECT_NEAR(best.line_losses.front(), 2.5388, 5.1e-5);
  EXPECT_NEAR(best.line_losses.back(), 0.4278, 5.1e-5);
  EXPECT_NEAR(Mean(best.epoch_losses), 0.848969, 1e-5);
  EXPECT_NEAR(best.seconds, 11.3996, 5.1e-5);
  EXPECT_NEAR(best.landscape, 12.6152476, 1e-6);
  EXPECT_NEAR(best.speed, 13.4275339, 1e-6);
  EXPECT_NEAR(best.mote, 10.5568964, 1e-6);
  EXPECT_NEAR(Truth(best, "cifar100_test_acc_200"), 0.735133, 1e-6);
}

// The logits of a disconnected cell ignore the image, so that every loss is ln 10.
TEST_F(ReferenceRecords, OfDisconnectedCellsAreAnalytic) {
  const std::vector<Record> cells =
      Where([&](const Record& record) { return !space_->IsConnected(record.architecture); });
  EXPECT_EQ(cells.size(), 218u);
  for (const Record& record : cells) {
    EXPECT_NEAR(record.landscape, 11 / std::log(10), 3e-5) << record.architecture.text();
    EXPECT_NEAR(record.speed, record.seconds / std::log(10), 1e-4) << record.architecture.text();
    EXPECT_GT(record.mote, 3.09);
    EXPECT_LT(record.mote, 3.84);
  }
}

TEST_F(ReferenceRecords, RankAsAnIndependentComputationFound) {
  ExpectTau("MOTE", records_, Mote, {.688, .665, .623});
  ExpectTau("L", records_, [](const Record& r, auto&) { return r.landscape; }, {.687, .661, .621});
  ExpectTau("S", records_, [](const Record& r, auto&) { return r.speed; }, {.644, .632, .587});
  ExpectTau("-sum of line losses", records_,
            [](const Record& r, auto&) { return -Sum(r.line_losses); }, {.669, .647, .595});
  ExpectTau("-sum of epoch losses", records_,
            [](const Record& r, auto&) { return -Sum(r.epoch_losses); }, {.671, .644, .609});
  ExpectTau("-last epoch loss", records_,
            [](const Record& r, auto&) { return -r.epoch_losses.back(); }, {.677, .648, .616});
  ExpectTau("L + S", records_, [](const Record& r, auto&) { return r.landscape + r.speed; },
            {.678, .660, .616});
  ExpectTau("T", records_, [](const Record& r, auto&) { return r.seconds; }, {.491, .495, .450});
}

TEST_F(ReferenceRecords, AreOutrankedAndMatchedByPlainScores) {
  ExpectTau("MACs", records_, [&](const Record& r, auto&) { return Truth(r, "macs_m"); },
            {.584, .560, .525});
  ExpectTau("live convolution weights", records_,
            [&](const Record& r, auto&) {
              const LiveEdges live = space_->CountLiveEdges(r.architecture);
              return live.conv_1x1 + 9.0 * live.conv_3x3;
            },
            {.659, .633, .611});
  ExpectTau(
      "12 epochs", records_,
      [&](const Record& r, const std::string& target) { return Truth(r, target + "_test_acc_12"); },
      {.703, .646, .639});
}

TEST_F(ReferenceRecords, RankWorseInNarrowerPopulations) {
  const std::vector<Record> connected =
      Where([&](const Record& record) { return space_->IsConnected(record.architecture); });
  EXPECT_EQ(connected.size(), 9'782u);
  ExpectTau("MOTE, connected", connected, Mote, {.676, .652, .608});

  const std::vector<Record> live = Where([&](const Record& record) {
    return space_->IsConnected(record.architecture) &&
           !space_->HasDanglingEdges(record.architecture);
  });
  EXPECT_EQ(live.size(), 6'018u);
  ExpectTau("MOTE, no dangling operation", live, Mote, {.658, .628, .571});

  std::set<std::string> seen;
  const std::vector<Record> first_of_form = Where(
      [&](const Record& record) { return seen.insert(CanonicalForm(record.architecture)).second; });
  EXPECT_EQ(first_of_form.size(), 3'504u);
  ExpectTau("MOTE, first of each form", first_of_form, Mote, {.635, .593, .518});
}

TEST_F(ReferenceRecords, HardlyRankTheTrueBestTenth) {
  constexpr Targets kTau{.088, .195, .392};
  constexpr std::array<int, 3> kCells{1'000, 1'000, 1'004};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(Measure(records_, Mote, kTargets[i]).tau_top10.value(), kTau[i], 0.00055)
        << kTargets[i];
    Values truths;
    for (const Record& record : records_) {
      truths.push_back(Truth(record, fmt::format("{}_test_acc_200", kTargets[i])));
    }
    const double bar = Quantile(truths, 0.9);
    EXPECT_EQ(std::ranges::count_if(truths, [&](double truth) { return truth >= bar; }), kCells[i])
        << kTargets[i];
  }
}

TEST_F(ReferenceRecords, GiveOtherBoxCoxConstantsThanThePublishedOnes) {
  Values landscapes, speeds;
  for (const Record& record : records_) {
    landscapes.push_back(record.landscape);
    speeds.push_back(record.speed);
  }
  const BoxCoxFit landscape = FitBoxCox(landscapes), speed = FitBoxCox(speeds);
  EXPECT_NEAR(landscape.lambda, .8281, 6e-5);
  EXPECT_NEAR(landscape.sigma, 1.2045, 6e-5);
  EXPECT_NEAR(speed.lambda, .4044, 6e-5);
  EXPECT_NEAR(speed.sigma, .8013, 6e-5);
}

// The first record at full precision, as the authors published it; needs no data.
TEST(ReferenceRecord, IsReproducedToTheLastDigits) {
  const Values line_losses{4.664431095123291,  3.6533608436584473, 3.0549747943878174,
                           2.6264355182647705, 2.2701644897460938, 1.9642202854156494,
                           1.7194772958755493, 1.5255022048950195, 1.392594575881958,
                           1.3022593259811401, 1.2638765573501587};
  const Values epoch_losses(50, 80.56241309642792 / 50);
  constexpr double kSeconds = 5.555690377019346;
  const double landscape = LandscapeTerm(line_losses, MoteForm::kReleased);
  const double speed = SpeedTerm(epoch_losses, kSeconds, MoteForm::kReleased);
  EXPECT_NEAR(landscape, 5.660083397658493, 1e-14);
  EXPECT_NEAR(speed, 3.4480660170702366, 1e-14);
  const Calibration calibration = ReleasedCalibration();
  EXPECT_NEAR(BoxCox(landscape, calibration.landscape.lambda), 4.000530981587622, 1e-14);
  EXPECT_NEAR(BoxCox(speed, calibration.speed.lambda), 1.8578101748573543, 1e-14);
  EXPECT_NEAR(JoinTerms(landscape, speed, calibration), 4.277557169850038, 1e-14);
  EXPECT_NEAR(LandscapeTerm(line_losses, MoteForm::kSlides), Sum(line_losses), 1e-14);
  EXPECT_NEAR(SpeedTerm(epoch_losses, kSeconds, MoteForm::kSlides),
              80.56241309642792 * 50 / kSeconds, 1e-11);
}

// The authors' constants for the other two spaces, on the same terms.
TEST(ReferenceRecord, JoinsByTheConstantsOfEachSpace) {
  const auto join = [](double lambda_l, double sigma_l, double lambda_s, double sigma_s) {
    const Calibration calibration{
        .landscape = {.lambda = lambda_l, .shift = 0, .weight = lambda_l * lambda_l * sigma_l},
        .speed = {.lambda = lambda_s, .shift = 0, .weight = lambda_s * lambda_s * sigma_s},
        .source = "test"};
    return JoinTerms(5.660083397658493, 3.4480660170702366, calibration);
  };
  EXPECT_NEAR(join(.397, .463, .714, 1.538), 1.7414183186992997, 1e-13);
  EXPECT_NEAR(join(.752, 1.173, .258, .854), 2.4489709650447153, 1e-13);
  EXPECT_NEAR(ReleasedCalibration().landscape.weight, 0.8993536, 1e-7);
  EXPECT_NEAR(ReleasedCalibration().speed.weight, 0.3658421, 1e-7);
}

TEST(ReferenceRecord, OfADisconnectedCellFollowsFromTheUniformLoss) {
  const double uniform = std::log(10);
  const double landscape = LandscapeTerm(Values(11, uniform), MoteForm::kReleased);
  const double speed = SpeedTerm(Values(50, uniform), 6.338, MoteForm::kReleased);
  EXPECT_NEAR(landscape, 4.7772393, 1e-7);
  EXPECT_NEAR(JoinTerms(landscape, speed, ReleasedCalibration()), 3.482267, 1e-6);
}

}  // namespace
}  // namespace mote
