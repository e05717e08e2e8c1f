// A probe, an estimator and a backend that do what a test tells them.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "mote/backends/backend.h"
#include "mote/estimate/estimator.h"
#include "mote/probe/probe.h"
#include "mote/run/catalog.h"

namespace mote::testing {

// Costs nothing and gives a number that depends on everything that a probe may depend on.
class FakeProbe : public Probe {
 public:
  // May throw, or return a failure, or wait; called by many threads.
  using Hook = std::function<std::optional<Failure>(const Architecture&)>;

  explicit FakeProbe(Hook hook) : hook_(std::move(hook)) {}

  std::string name() const override { return "fake"; }
  int version() const override { return 1; }
  nlohmann::json ToJson() const override { return nlohmann::json::object(); }
  double ForecastMacs(const SearchSpace&, const Architecture&, const Dataset&) const override {
    return 1;
  }
  Outcome<ProbeResult> Run(const ProbeContext& context,
                           const Architecture& architecture) const override {
    if (auto failure = hook_(architecture)) return *failure;
    if (context.check_stop) context.check_stop();
    Rng rng(Key(context.seed, "fake", architecture.id().Hex(), context.replicate));
    return ProbeResult({{"value", {rng.Uniform()}}});
  }

 private:
  Hook hook_;
};

// Reads the number of a probe, or none; then asks the hook.
class FakeEstimator : public Estimator {
 public:
  using Hook = std::function<Outcome<double>(const Architecture&, double value)>;

  FakeEstimator(std::string name, std::shared_ptr<const Probe> probe, Hook hook)
      : name_(std::move(name)), probe_(std::move(probe)), hook_(std::move(hook)) {}

  EstimatorInfo info() const override {
    EstimatorInfo info;
    info.name = name_;
    return info;
  }
  std::vector<std::shared_ptr<const Probe>> Needs() const override {
    if (!probe_) return {};
    return {probe_};
  }
  Outcome<double> Read(const Subject& subject,
                       std::span<const ProbeResult* const> results) const override {
    return hook_(subject.architecture, results.empty() ? 0 : (*results[0])["value"][0]);
  }

 private:
  std::string name_;
  std::shared_ptr<const Probe> probe_;
  Hook hook_;
};

// The builtin catalog with the estimator "fake" over a FakeProbe.
inline Catalog CatalogWithFakeProbe(FakeProbe::Hook hook) {
  Catalog catalog = BuiltinCatalog();
  catalog.estimators.Add("fake", "for tests", {}, [hook](const Options&, const Setting&) {
    return std::make_unique<FakeEstimator>(
        "fake", std::make_shared<FakeProbe>(hook),
        [](const Architecture&, double value) { return Outcome<double>(value); });
  });
  return catalog;
}

// The builtin catalog with the estimator "fake" that is read off the architecture alone.
inline Catalog CatalogWithFakeReading(FakeEstimator::Hook hook) {
  Catalog catalog = BuiltinCatalog();
  catalog.estimators.Add("fake", "for tests", {}, [hook](const Options&, const Setting&) {
    return std::make_unique<FakeEstimator>("fake", nullptr, hook);
  });
  return catalog;
}

// The builtin catalog with the estimator "fake" that is read off the architecture alone, and with a
// "val-accuracy" that asks `probe` instead of training and `accuracy` for what came of it.
inline Catalog CatalogWithFakeJudge(FakeEstimator::Hook score, FakeProbe::Hook probe,
                                    FakeEstimator::Hook accuracy) {
  Catalog catalog = CatalogWithFakeReading(std::move(score));
  EstimatorRegistry estimators(catalog.estimators.kind());
  for (const auto& [name, entry] : catalog.estimators.entries()) {
    auto factory = entry.factory;
    if (name == "val-accuracy") {
      factory = [probe, accuracy](const Options&, const Setting&) {
        return std::make_unique<FakeEstimator>("val-accuracy", std::make_shared<FakeProbe>(probe),
                                               accuracy);
      };
    }
    estimators.Add(name, entry.summary, entry.options, std::move(factory));
  }
  catalog.estimators = std::move(estimators);
  return catalog;
}

// The reference backend, which may refuse a network (a reason) or throw when it compiles one.
class ChoosyBackend : public Backend {
 public:
  using Refusal = std::function<std::optional<std::string>(const Network&)>;
  using CompileHook = std::function<void(const Network&)>;

  ChoosyBackend(std::unique_ptr<Backend> inner, Refusal refusal, CompileHook on_compile)
      : inner_(std::move(inner)),
        refusal_(std::move(refusal)),
        on_compile_(std::move(on_compile)) {}

  BackendTraits traits() const override {
    BackendTraits traits = inner_->traits();
    traits.name = "choosy";
    return traits;
  }
  std::optional<std::string> WhyUnsupported(const Network& network) const override {
    return refusal_(network);
  }
  std::unique_ptr<Executor> Compile(const Network& network, int batch_size) const override {
    on_compile_(network);
    return inner_->Compile(network, batch_size);
  }

 private:
  std::unique_ptr<Backend> inner_;
  Refusal refusal_;
  CompileHook on_compile_;
};

// The builtin catalog with the backend "choosy".
inline Catalog CatalogWithChoosyBackend(ChoosyBackend::Refusal refusal,
                                        ChoosyBackend::CompileHook on_compile) {
  Catalog catalog = BuiltinCatalog();
  catalog.backends.Add("choosy", "for tests", {}, [=](const Options&) {
    return std::make_unique<ChoosyBackend>(
        BuiltinCatalog().backends.Create("reference", {{"precision", "float"}}), refusal,
        on_compile);
  });
  return catalog;
}

}  // namespace mote::testing
