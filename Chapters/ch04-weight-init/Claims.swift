// What the sources say about initial weights, compared with the findings.

import Workbook

extension WeightInit {
  static func claims(_ findings: Findings) -> [Claim] {
    let signals = findings.signals
    return [
      equalWeights(findings.symmetry).shown(in: "symmetry"), variance(findings),
      smallWeights(signals).shown(in: "std-by-layer"),
      largeWeights(signals).shown(in: "histograms"),
      vanishingGradient(signals, findings.furtherDepths).shown(in: "gradients-by-layer"),
      xavierWithTanh(signals).shown(in: "std-by-layer"),
      xavierWithReLU(signals).shown(in: "std-by-layer"),
      heWithReLU(signals).shown(in: "std-by-layer"),
      thirtyLayers(findings.thirty),
      training(findings.training, beyond: findings.plainXavier),
      fanIn(findings.convolution),
    ]
  }

  private static func equalWeights(_ symmetry: SymmetryFindings) -> Claim {
    let units = symmetry.twinUnits
    return Claim(
      "Weights that begin equal keep all units of a layer equal", source: "Rumelhart et al. 1986, S2",
      published: "same output, same gradient",
      measured: .init(
        value: Double(units), unit: "different of 16", seeds: symmetry.seeds.count, decimals: 0),
      verdict: .of(units == 1, partly: units < 16),
      reason: units == 1 ? "" : "rounding has told some of them apart")
  }

  private static func variance(_ findings: Findings) -> Claim {
    let theories = findings.theories
    let tanhError = theories[..<3].map { abs($0.varianceRatio.mean - 1) }.max() ?? 1
    let reluRatio = theories[4].varianceRatio
    return Claim(
      "Var(y) = Dᵢₙ·Var(x)·Var(w)", source: "Glorot 2010, S2", published: "exact",
      measured: .init(
        "tanh within ", value: 100 * tanhError, unit: "%", seeds: findings.seeds.count, decimals: 1,
        against: .init(", ReLU off by ×", reluRatio, decimals: 2)),
      verdict: tanhError > 0.1 ? .notHere : .of(abs(reluRatio.mean - 1) < 0.1, partly: true),
      reason: "y is a sum; the formula needs inputs of mean 0; with E[x²] it holds for ReLU too")
  }

  private static func smallWeights(_ signals: SpreadExperiment) -> Claim {
    let kept = signals.overSeeds(0) { $0[depth - 1].rootMeanSquare / $0[0].rootMeanSquare }
    return Claim(
      "Small weights (0.01) collapse the activations of a tanh net", source: "S2",
      published: "σ → 0",
      measured: .init(signals.overSeeds(0) { $0[depth - 1].rootMeanSquare }, unit: "at layer \(depth)"),
      verdict: .of(kept.mean < 0.2), reason: "size √E[x²]; falls to \(percent(kept.mean)) of layer 1")
  }

  private static func largeWeights(_ signals: SpreadExperiment) -> Claim {
    let saturated = signals.overSeeds(1) { 100 * $0[depth - 1].saturated }
    return Claim(
      "Larger weights (0.05) saturate tanh", source: "S2", published: "at ±1",
      measured: .init(saturated, unit: "% of units", decimals: 0),
      verdict: .of(saturated.mean > 33, partly: saturated.mean > 10),
      reason: "we count the units with less than a tenth of the slope, beyond ±\(saturationEdge)")
  }

  private static func vanishingGradient(_ signals: SpreadExperiment, _ further: FurtherDepths?) -> Claim {
    let arrived = signals.overSeeds(1) { $0[0].gradientDeviation }
    return Claim(
      "Saturation at 0.05 leaves a gradient of 0", source: "S2", published: "0",
      measured: .init(arrived, unit: "at layer 1, of 1 sent back"),
      verdict: .of(arrived.mean < 0.1, partly: arrived.mean < 0.5),
      reason: (arrived.mean > 1 ? "it grows: large weights outweigh small slopes" : "")
        + (further.map {
          "; trained, six such layers of 128 units get \(fixed($0.saturated.mean, 1)) % of the test digits wrong"
        } ?? ""))
  }

  private static func xavierWithTanh(_ signals: SpreadExperiment) -> Claim {
    let last = signals.overSeeds(2) { $0[depth - 1].rootMeanSquare }
    let ratio = signals.overSeeds(2) { $0[depth - 1].rootMeanSquare / $0[depth - 2].rootMeanSquare }
    let kept = signals.overSeeds(2) { $0[depth - 1].rootMeanSquare / $0[0].rootMeanSquare }
    return Claim(
      "Xavier holds the activations of a tanh net", source: "Glorot 2010, S2", published: "well scaled",
      measured: .init(last, unit: "at layer \(depth)"),
      verdict: .of(kept.mean > 0.8, partly: last.mean > 0.1 && ratio.mean > 0.85),
      reason:
        "it falls slowly: layer \(depth) has \(percent(kept.mean)) of layer 1, and the last layer removes \(percent(1 - ratio.mean)); tanh is flatter than a straight line, and a gain of 5/3 corrects this"
    )
  }

  private static func xavierWithReLU(_ signals: SpreadExperiment) -> Claim {
    let ratio = signals.overSeeds(3) { ($0[depth - 1].rootMeanSquare / $0[0].rootMeanSquare).root(depth - 1) }
    return Claim(
      "Xavier with ReLU loses a factor √2 per layer", source: "He 2015", published: "0.707",
      measured: .init(ratio, unit: "per layer"),
      verdict: .ofAgreement(ratio, with: 0.7071, within: 0.035))
  }

  private static func heWithReLU(_ signals: SpreadExperiment) -> Claim {
    let kept = signals.overSeeds(4) { $0[depth - 1].rootMeanSquare / $0[0].rootMeanSquare }
    return Claim(
      "He holds the activations of a ReLU net", source: "He 2015", published: "1",
      measured: .init(kept, unit: "from layer 1 to \(depth)"),
      verdict: .ofAgreement(kept, with: 1, within: 0.1, loosely: 0.5),
      reason: abs(kept.mean - 1) < 0.1 ? "" : "narrow layers vary from draw to draw")
  }

  private static func thirtyLayers(_ thirty: ThirtyFindings) -> Claim {
    let left = thirty.sizes[0][deep - 1]
    let ratio = left.mean / ThirtyFindings.theory
    return Claim(
      "ReLU with Xavier after \(deep) layers", source: "He 2015", published: "(1/√2)³⁰ = 3.1×10⁻⁵",
      measured: .init(left),
      verdict: .of((0.5...2).contains(ratio), partly: (0.1...10).contains(ratio)),
      reason: "the result varies from draw to draw, because the factors of \(deep) matrices multiply")
  }

  private static func training(_ training: DeepFindings, beyond plain: PlainXavier?) -> Claim {
    let (xavier, he) = (training.finalLosses[0], training.finalLosses[1])
    return Claim(
      "A ReLU net of \(deep) layers trains with He, and not with Xavier", source: "He 2015",
      published: "stalls / converges",
      measured: .init("loss ", xavier, decimals: 2, against: .init("/ ", he, decimals: 2)),
      verdict: .of(training.learns(1) && !training.learns(0), partly: isAhead(he, of: xavier)),
      reason: !training.learns(1)
        ? "too few steps in this run"
        : training.learns(0)
          ? "with enough steps at its best rate, Xavier's net learns too, but later"
          : "nets of \(training.width) units at rates up to \(short(Double(training.largestRate))), in \(grouped(training.steps)) steps"
            + (plain.map { $0.explosions == $0.trainings ? "; at \($0.rateWords) it explodes" : "" } ?? "")
            + (training.finalLosses.count < 3
              ? ""
              : training.learns(2)
                ? "; it is the scale: with its output multiplied by 2¹⁵ Xavier's net trains too"
                : "; scale alone does not solve it: multiplied by 2¹⁵ Xavier's net does not train either"))
  }

  /// Whether a loss is lower than another by more than chance; one that diverged is never ahead.
  private static func isAhead(_ loss: Summary, of other: Summary) -> Bool {
    loss.mean.isFinite
      && (!other.mean.isFinite || (other.mean > loss.mean && isClear(other - loss, beyond: 0)))
  }

  private static func fanIn(_ convolution: ConvolutionFindings) -> Claim {
    let error =
      zip(convolution.fanIns, ConvolutionFindings.kernels).map {
        abs($0.mean / Double($1.fanIn) - 1)
      }
      .max() ?? 1
    return Claim(
      "Fan-in of a convolution is k²·Cin", source: "He 2015, S2", published: "k²·Cin",
      measured: .init(
        "within ", value: 100 * error, unit: "%", seeds: convolution.fanIns[0].count, decimals: 0),
      verdict: .of(error < 0.1))
  }
}
