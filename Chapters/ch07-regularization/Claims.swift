// What the sources say about restraints, held against the findings.

import Foundation
import Workbook

extension Regularization {
  static func claims(_ findings: Findings) -> [Claim] {
    let (sweep, selection, board) = (findings.sweep, findings.selection, findings.shown)
    return [
      emptyWeights(findings), chosenInputs(selection),
      robust(selection), choosingOrBetter(findings),
      simplerModel(sweep).shown(in: "boundary"), largerWeights(findings.descent),
      fewerFeatures(findings.descent).shown(in: "double-descent"), moreData(board).shown(in: "restraints"),
      stoppingEarly(findings).shown(in: "early-stopping"), sixChanges(board),
      reflections(board, findings.mirror, findings.photographs).shown(
        in: findings.photographs == nil ? "flips" : "photographs"), stochasticPooling(board),
      threshold(findings), hardlyExplode(findings.growth),
    ]
  }

  private static func emptyWeights(_ findings: Findings) -> Claim {
    let sweep = findings.sweep
    let small = (0..<2).map { kind in
      Summary(sweep.runs[kind][sweep.best(kind)].map { 100 * $0.nearZero })
    }
    let ahead = Claim.Verdict.ofEffect(small[1] - small[0], from: 0)
    let isMost = small[1].mean > 50 && small[1].mean > 1.5 * small[0].mean
    return Claim(
      "L1 makes most weights nearly 0", source: "Tibshirani 1996, S4",
      published: "L1 leaves most weights at 0 or close to it",
      measured: .init(
        small[1], unit: "% below 0.01", decimals: 1, against: .init(", with L2 ", small[0], unit: "%", decimals: 1)),
      verdict: isMost ? ahead : ahead.atMostPartly,
      reason: reason(
        """
        two moons, L2 of \(sweep.lambdas[sweep.best(0)]), L1 of \(sweep.lambdas[sweep.best(1)]). With inputs of noise L1 leaves \
        \(percent(findings.selection.zeros(2).mean)) of the weights at exactly 0, with a soft threshold \(percent(findings.selection.zeros(3).mean))
        """, seeds: small[1].count))
  }

  private static func chosenInputs(_ selection: InputSelection) -> Claim {
    let (l2, l1) = (selection.contrast(1), selection.contrast(2))
    // More than without a penalty: a strong L2 chooses as well, which is told beside it.
    let bare = selection.contrast(0)
    let isAhead = Claim.Verdict.ofFactor(Summary(zip(l1.values, bare.values).map { $0 / $1 }), from: 1) != .notHere
    return Claim(
      "L1 finds the inputs that matter", source: "Ng 2004, S4",
      published: "L1 keeps the inputs that matter and drops the others",
      measured: .init(
        "the weaker real input has ", value: l1.median, unit: "times the weights of noise (median)", seeds: l1.count,
        decimals: 1, against: .init(", with L2 ", value: l2.median, unit: "times", decimals: 1)),
      verdict: .of(isAhead && selection.separated(2) == l1.count, partly: isAhead),
      reason: reason(
        """
        without a penalty \(fixed(bare.median, 1)) times; more weight than every input of noise in \
        \(selection.separated(2)) of \(l1.count) nets, with L2 in \(selection.separated(1))\(selection.otherL2.map { "; a stronger L2 (\($0.penalty.lambda)) has \(fixed($0.contrast.median, 1)) times" } ?? "")
        """, seeds: l1.count))
  }

  private static func robust(_ selection: InputSelection) -> Claim {
    let gain = selection.gain(2)
    return Claim(
      "L1 is robust against noise in the inputs", source: "Ng 2004, S4",
      published: "noise in the inputs does little harm with L1",
      measured: .init(
        "18 inputs of noise: ", selection.testError(2), unit: "% errors", decimals: 1,
        against: .init(", L2 ", selection.testError(1), unit: "%", decimals: 1),
        .init(", no penalty ", selection.testError(0), unit: "%", decimals: 1)),
      // Partly at most: noise within inputs that matter was not tried.
      verdict: .ofEffect(gain, from: 0).atMostPartly,
      reason: reason(
        """
        tested with inputs that mean nothing, where L1 saves \(interval(gain)) points (95 % interval), not with noise in inputs that matter\(selection.collapsed(2) == 0 ? "" : "; with \(selection.collapsed(2)) of \(counted(gain.count, "seed")) the net only guesses")
        """, seeds: gain.count))
  }

  private static func choosingOrBetter(_ findings: Findings) -> Claim {
    func lead(_ l1: [Double], _ l2: [Double]) -> Summary { Summary(zip(l1, l2).map { 100 * ($0 - $1) }) }
    let (selection, board) = (findings.selection, findings.shown)
    // Points of error by which L2 is ahead of L1: on digits, and with inputs of noise.
    let ahead = [
      lead(board.testErrors("L1"), board.testErrors("L2")),
      lead(selection.runs[2].map(\.testError), selection.runs[1].map(\.testError)),
    ]
    let (onDigits, withNoise) = (ahead[0].direction(beyond: 0.5), ahead[1].direction(beyond: 0.5))
    func words(_ direction: Summary.Direction) -> String {
      switch direction {
      case .above: "L2 is ahead"
      case .below: "L1 is ahead"
      case .withinChance: "neither is ahead beyond chance"
      }
    }
    let ends =
      board.atAnEnd.filter { ["L1", "L2"].contains($0) }.map { "\($0) on digits" }
      + [1, 2].filter(selection.isAtAnEnd).map { "\(selection.penalties[$0].name) with noise" }
    return Claim(
      "L1 is for choosing inputs, L2 for better results", source: "S4", published: "L2 gives the better results",
      measured: .init(
        "points by which L2 is ahead: ", ahead[0], unit: "on digits", decimals: 1,
        against: .init(", ", ahead[1], unit: "with inputs of noise", decimals: 1)),
      // Partly at most: two jobs, and where inputs are to be chosen L1 may have the better results as well.
      verdict: Claim.Verdict.of(onDigits == .above).atMostPartly,
      reason: reason(
        """
        on digits \(words(onDigits)), with inputs of noise \(words(withNoise))\
        \(ends.isEmpty ? "" : "; the strength is an end of the grid for \(ends.joined(separator: ", "))")
        """, seeds: ahead[0].count))
  }

  private static func simplerModel(_ sweep: PenaltySweep) -> Claim {
    let lengths = sweep.summaries(0, \.boundaryLength)
    let strong = sweep.lambdas.indices.last { sweep.lambdas[$0] <= 0.03 } ?? sweep.lambdas.count - 1
    /// By which share the line is shorter, seed by seed.
    let shortening = Summary(zip(lengths[0].values, lengths[strong].values).map { 1 - $1 / $0 })
    return Claim(
      "A larger λ makes a simpler model", source: "S4", published: "the larger λ, the simpler the model",
      measured: .init(
        "boundary ", lengths[0], unit: "long without L2", decimals: 1,
        against: .init(", ", lengths[strong], unit: "with λ = \(sweep.lambdas[strong])", decimals: 1)),
      verdict: .ofEffect(shortening, from: 0.1),
      reason: reason(
        "simpler: a line between the classes that is shorter by a tenth or more, counted along x and y",
        seeds: shortening.count))
  }

  private static func largerWeights(_ descent: DoubleDescent) -> Claim {
    let norms = descent.bare.map { Summary($0.map(\.norm)) }
    let (peak, last) = (descent.peak, descent.features.count - 1)
    func isLarger(_ a: Int, _ b: Int) -> Bool {
      let ratio = Summary(zip(norms[a].values, norms[b].values).map { log($0 / $1) })
      return isClear(ratio, beyond: 0) && ratio.mean > 0
    }
    return Claim(
      "Too many parameters make weights too large", source: "S4",
      published: "with too many parameters some weights grow too large",
      measured: .init(
        "norm ", norms[0], unit: "with \(descent.features[0]) features", decimals: 1,
        against: .init(", ", norms[peak], unit: "with \(descent.features[peak])", decimals: 1),
        .init(", ", norms[last], unit: "with \(descent.features[last])", decimals: 1)),
      verdict: .of(isLarger(peak, 0) && !isLarger(peak, last), partly: isLarger(peak, 0)),
      reason: reason(
        "least squares on \(descent.samples) digits: the weights are largest with as many features as digits, and smaller with more",
        seeds: norms[0].count))
  }

  private static func fewerFeatures(_ descent: DoubleDescent) -> Claim {
    let errors = descent.testErrors(descent.bare)
    let (narrow, peak, last) = (descent.bestNarrow, descent.peak, descent.features.count - 1)
    func isBetter(_ a: Int, _ b: Int) -> Bool { isClear(errors[b] - errors[a]) && errors[b].mean > errors[a].mean }
    return Claim(
      "Fewer features fight overfitting", source: "S4", published: "one of its means against overfitting",
      measured: .init(
        errors[narrow], unit: "% errors with \(descent.features[narrow]) features", decimals: 1,
        against: .init(", ", errors[peak], unit: "% with \(descent.features[peak])", decimals: 1),
        .init(", ", errors[last], unit: "% with \(descent.features[last])", decimals: 1)),
      verdict: .of(isBetter(narrow, peak) && !isBetter(last, narrow), partly: isBetter(narrow, peak)),
      reason: reason(
        isBetter(last, narrow)
          ? "fewer features than digits are better than as many, but far more are better still"
          : "fewer than digits, as many, far more",
        seeds: errors[0].count))
  }

  private static func moreData(_ board: Scoreboard) -> Claim {
    gain(
      "More data fight overfitting", source: "S4", published: "one of its means against overfitting",
      Restraint.moreData, board,
      reason: "the same number of steps")
  }

  private static func stoppingEarly(_ findings: Findings) -> Claim {
    let stops = findings.stops
    let (early, late) = (stops.noisyLast - stops.noisyEarly, stops.cleanLast - stops.cleanEarly)
    let helps = isClear(early) && early.mean > 0
    let tuned = findings.tunedLabels?.saved(.stopped).map {
      " Against the net at its own best rate \($0.worded(beyond: 0.5, above: "stopping saves", below: "stopping costs", withinChance: "stopping gains nothing:")) \(interval($0.magnitude))."
    }
    return Claim(
      "Stopping before the error goes to 0 gives the better net", source: "Prechelt 1998, S4",
      published: "the best net comes before the training error is 0",
      measured: .init(
        stops.noisyEarly, decimals: 1, against: .init(stops.noisyLast, unit: "% with wrong labels", decimals: 1),
        .init(", ", stops.cleanEarly, decimals: 1), .init(stops.cleanLast, unit: "% with right ones", decimals: 1)),
      verdict: .of(helps && late.direction(beyond: 0.5) == .above, partly: helps),
      reason: reason(
        """
        patience \(StoppingExperiment.patience), best weights put back.\(tuned ?? "") Where the labels of these digits are right, \
        \(late.worded(beyond: 0.5, above: "it gains too:", below: "it costs:", withinChance: "it gains nothing:")) \
        \(interval(late)) points (95 % interval)
        """, seeds: early.count))
  }

  private static func sixChanges(_ board: Scoreboard) -> Claim {
    let named = ["rotate", "flip", "crop", "equalize", "solarize", "posterize"]
    func those(_ verdict: Scoreboard.Verdict) -> [String] { named.filter { board.verdict(board.index($0)) == verdict } }
    let helping = those(.helps)
    return Claim(
      "Rotating, flipping, cropping, equalizing, solarizing and posterizing fight overfitting", source: "S4",
      published: "all six are means against overfitting",
      measured: .init(
        value: Double(helping.count),
        unit:
          "\(helping.count == 1 ? "helps" : "help"): \(list(helping)); hurt: \(list(those(.hurts))); undecided: \(list(those(.undecided)))",
        seeds: board.seeds, decimals: 0),
      verdict: .of(helping.count == named.count, partly: !helping.isEmpty),
      reason: reason(
        "on digits, with an interval for \(board.comparisons) comparisons; photographs may be different",
        seeds: board.seeds))
  }

  private static func reflections(
    _ board: Scoreboard, _ mirror: MirrorFindings?, _ photographs: PhotographBoard?
  ) -> Claim {
    if let photographs, let gain = photographs.gain("flip") {
      return Claim(
        "Horizontal reflections make a net better (AlexNet)", source: "Krizhevsky et al. 2012, S1",
        published: "reflections lower the error on photographs",
        measured: .init(gain, unit: "points saved on \(grouped(photographs.count)) photographs", decimals: 1),
        verdict: .ofEffect(gain, from: 0),
        reason: reason(
          """
          a small net on few photographs of CIFAR-10; 95 % interval of the mean: \(interval(gain)). \
          On digits flips save \(fixed(board.gain("flip").mean, 1)) points
          """, seeds: gain.count))
    }
    let kept = mirror.map { mirror in
      " Where a mirror keeps the label (0, 1 and 8 alone, \(mirror.count) of them to learn from) flips \(mirror.gain.worded(above: "help", below: "hurt as well", withinChance: "make no difference beyond chance")): \(interval(mirror.gain)) points saved (95 % interval)"
    }
    var claim = gain(
      "Horizontal reflections make a net better (AlexNet)", source: "Krizhevsky et al. 2012, S1",
      published: "reflections lower the error on photographs",
      "flip", board,
      reason:
        "not tested: AlexNet's pictures were photographs, and these are digits, of which a mirrored 5 is no 5.\(kept ?? "")"
    )
    // Digits decide nothing about photographs; where a mirror keeps the label they speak for a part of it.
    claim.verdict =
      board.seeds >= 3 && mirror?.gain.direction() == .above ? .partly : .undecided
    return claim
  }

  private static func stochasticPooling(_ board: Scoreboard) -> Claim {
    let draw = board.gain("stochastic pooling") - board.gain(Restraint.expectedPooling)
    let isSeparated = board.entries.contains { $0.name == Restraint.expectedPooling }
    let control = """
      against max pooling in the same net. Drawing saves \(interval(draw)) points more than the expectation (95 % \
      interval), so the draw itself \
      \(draw.worded(beyond: 0.5, above: "helps", below: "harms", withinChance: "is not shown to help"))
      """
    let edge = board.isAtTheEdge(board.index("stochastic pooling")) ? "; the gain itself is at the edge of chance" : ""
    var claim = gain(
      "Stochastic pooling regularizes", source: "Zeiler and Fergus 2013, S4",
      published: "less overfitting than with max pooling", "stochastic pooling",
      board,
      reason: isSeparated
        ? control + edge
        : "against max pooling in the same net; the noise and the softer pooling are not told apart")
    // The noise is what regularizes: without a gain over the expectation it is half of the claim.
    if !isSeparated || draw.direction(beyond: 0.5) != .above { claim.verdict = claim.verdict.atMostPartly }
    return claim
  }

  private static func threshold(_ findings: Findings) -> Claim {
    let clipping = findings.clipping
    let origin = findings.recordedCount == nil ? "" : "in the recorded full run, "
    let (saved, missing) = (clipping.saved, clipping.missing)
    let (helps, lags) = (isClear(saved) && saved.mean > 0, isClear(missing) && missing.mean > 0)
    let ends = ClippingExperiment.ways.indices.filter(clipping.isAtAnEnd).map { ClippingExperiment.ways[$0].name }
    return Claim(
      "An exploding gradient is mended by a threshold", source: "Pascanu et al. 2013, S4",
      published: "a threshold is enough",
      measured: .init(
        clipping.bestErrors(1), unit: "% errors", decimals: 1,
        against: .init(", without ", clipping.bestErrors(0), unit: "%", decimals: 1),
        .init(", He's initialization ", clipping.bestErrors(2), unit: "%", decimals: 1)),
      verdict: ends.isEmpty ? .of(helps && !lags, partly: helps) : .undecided,
      reason: reason(
        ends.isEmpty
          ? "\(origin)each at its best rate\(lags ? "; a better initialization saves more" : "")"
          : "the best rate is an end of the grid: \(ends.joined(separator: "; "))", seeds: saved.count))
  }

  private static func hardlyExplode(_ growth: GradientGrowth) -> Claim {
    let (sigmoid, relu) = (growth.largest(.sigmoid), growth.largest(.relu))
    return Claim(
      "Behind sigmoids gradients hardly explode", source: "S4", published: "with sigmoids gradients rarely explode",
      measured: .init(
        "log₁₀ of the growth over \(GradientGrowth.depth) layers ", sigmoid, decimals: 1,
        against: .init(", after ReLU ", relu, decimals: 1)),
      verdict: .ofEffect(Summary(sigmoid.values.map { -$0 }), from: 0),
      reason: reason(
        "up to weights of \(short(GradientGrowth.gains.last ?? 0))/√n; after sigmoids it vanishes instead",
        seeds: sigmoid.count))
  }

  /// A claim that one restraint helps: it does where its gain is more than chance.
  private static func gain(
    _ text: String, source: String, published: String, _ name: String, _ board: Scoreboard, reason words: String
  ) -> Claim {
    let gain = board.gain(name)
    var claim = Claim(
      text, source: source, published: published, measured: .init(gain, unit: "points saved", decimals: 1),
      // A gain that holds by itself and not among so many comparisons decides nothing.
      verdict: board.doubtful.contains(name) && gain.mean > 0
        ? .undecided : .of(board.verdict(board.index(name)) == .helps),
      reason: reason(words, seeds: board.seeds))
    // With the interval that decides; the figure has that of 95 %, and the measurement keeps the deviation.
    claim.measured =
      "\(fixed(gain.mean, 1))\(gain.count < 3 ? "" : " ± \(fixed(gain.uncertainty(among: board.comparisons), 1))") points saved\(gain.count < 3 ? "" : " (\(board.level) % interval)")"
    return claim
  }

  private static func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }
}
