// What the sources say about depth, held against the findings.

import Foundation
import Workbook

extension DeeperNetworks {
  static func claims(_ findings: Findings) -> [Claim] {
    let (gradients, nets) = (findings.gradients.shown, findings.fair)
    return [
      folding(findings.sawtooth[findings.sawtooth.count - 1]).shown(in: "sawtooth"),
      sigmoids(gradients).shown(in: "gradient-norms"), relu(gradients).shown(in: "gradient-norms"),
      normalization(gradients, findings.flow).shown(in: "gradient-norms"),
      degradation(nets, findings.ending).shown(in: "degradation"),
      testError(nets, findings.ending).shown(in: "degradation"), addition(nets).shown(in: "degradation"),
      identity(nets, findings.factors),
      quieter(nets), zeroBranch(nets, findings.branches), scaling(findings), bottleneck(findings.blocks),
      complexity(findings), families(findings),
    ]
  }

  private static func folding(_ count: SawtoothCount) -> Claim {
    Claim(
      "What a deep net does with few units needs exponentially many in a shallow one", source: "Telgarsky 2016, S4",
      published: "2ⁿ against about n",
      measured: .init(
        value: Double(count.shallowUnits), decimals: 0,
        against: .init(value: Double(count.deepUnits), unit: "units for \(count.pieces) pieces", decimals: 0),
        .init(", difference ", value: Double(count.difference))),
      verdict: .of(
        count.shallowUnits == 1 << count.folds && count.deepUnits == 2 * count.folds && count.difference == 0),
      reason: "holds for this function; others may gain nothing")
  }

  private static func factor(_ factor: Summary, _ unit: String = "per layer") -> Claim.Measurement {
    .init("factor ", factor, unit: unit, decimals: 3)
  }

  private static func sigmoids(_ decay: GradientDecay) -> Claim {
    let kept = decay.factor(.sigmoid)
    return Claim(
      "With sigmoids the gradient vanishes with depth", source: "Bengio et al. 1994, S4", published: "it goes to 0",
      measured: factor(kept),
      // What a layer takes away; less than a tenth is as good as nothing.
      verdict: .ofEffect(Summary(kept.values.map { 1 - $0 }), over: 0.1, from: 0.5))
  }

  private static func relu(_ decay: GradientDecay) -> Claim {
    let kept = decay.factor(.relu)
    return Claim(
      "With ReLU it does not easily vanish", source: "Glorot et al. 2011, S1, S4",
      published: "it passes active units unchanged",
      measured: factor(kept),
      verdict: .ofAgreement(kept, with: 1, within: 0.1, loosely: 0.2), reason: "with He's weights; see chapter 4")
  }

  private static func normalization(_ decay: GradientDecay, _ flow: GradientFlow?) -> Claim {
    let kept = decay.factor(.normalized)
    let verdict = Claim.Verdict.ofAgreement(kept, with: 1, within: 0.05)
    // A net that has begun to learn may be another matter.
    let isSoonLevel = flow?.net(residual: false)?.after.map { $0.factor.direction(from: 1) == .withinChance } ?? false
    return Claim(
      "Batch normalization in every layer solves vanishing and exploding gradients", source: "S1",
      published: "it neither vanishes nor explodes", measured: factor(kept, "per layer, without addition"),
      verdict: isSoonLevel && verdict == .notHere ? .partly : verdict,
      reason: kept.mean > 1.05
        ? "\(isSoonLevel ? "after an epoch no change beyond chance in the plain net of convolutions; " : "")before training the gradient grows towards the input, by \(fixed(GradientFindings.theory, 2)) per layer in theory (Yang et al. 2019); with the addition by \(fixed(decay.factor(.residual).mean, 2)) over \(decay.depth) layers"
        : kept.mean < 0.95 ? "it vanishes towards the input here" : "")
  }

  /// What a run of a few epochs cannot decide.
  private static func tooShort(_ nets: DegradationFindings) -> String {
    "after \(counted(nets.epochs, "epoch")) slowness and degradation look alike"
  }

  private static func degradation(_ nets: DegradationFindings, _ ending: LongTraining?) -> Claim {
    let (shallow, deep) = (nets.shallowPlain, nets.deepPlain)
    let verdict = Claim.Verdict.ofEffect(nets.gap, from: 1)
    let catchesUp = ending.map { $0.gap.direction() != .above } ?? false
    return Claim(
      "A deeper plain net has the higher training error", source: "He et al. 2016a, S1",
      published: "more training errors with more layers",
      measured: .init(
        nets.gap, unit: "points more with \(deep.net.depth) than \(shallow.net.depth) layers, in test mode", decimals: 1
      ),
      verdict: !nets.isLong ? .undecided : catchesUp || nets.isStillFalling ? verdict.atMostPartly : verdict,
      reason: !nets.isLong
        ? tooShort(nets)
        : "after \(counted(nets.epochs, "epoch"))\(catchesUp ? "; after \(ending?.epochs ?? 0) the deeper net has caught up on these images" : nets.isStillFalling ? ", and the deeper net is still gaining" : "")"
    )
  }

  private static func testError(_ nets: DegradationFindings, _ ending: LongTraining?) -> Claim {
    let training = Claim.Verdict.ofEffect(nets.gap, from: 1)
    let test = Claim.Verdict.ofEffect(nets.testGap, from: 0)
    let catchesUp = ending.map { $0.testGap.direction() != .above } ?? false
    let verdict = training == .notHere || training == .undecided || test == .reproduced ? training : test
    return Claim(
      "Its test error is higher too: this is not overfitting", source: "He et al. 2016a, S1",
      published: "more errors on training and test images",
      measured: .init(nets.testGap, unit: "points more on test images", decimals: 1),
      // Without a higher training error it would be nothing but overfitting.
      verdict: !nets.isLong ? .undecided : catchesUp ? verdict.atMostPartly : verdict,
      reason: !nets.isLong
        ? tooShort(nets)
        : catchesUp
          ? "after \(counted(nets.epochs, "epoch")); after \(ending?.epochs ?? 0) no difference beyond chance"
          : "")
  }

  private static func addition(_ nets: DegradationFindings) -> Claim {
    let cure = Claim.Verdict.ofEffect(nets.cure, from: 0)
    let gap = nets.deepResidual.trainingErrors - nets.shallowResidual.trainingErrors
    let isWorse = isClear(gap, beyond: 1) && gap.mean > 0
    let isBetter = nets.newGain.direction() == .above
    let few = nets.isLong ? "" : ", after \(counted(nets.epochs, "epoch")), where speed alone decides"
    return Claim(
      "The addition mends it", source: "He et al. 2016a, S1", published: "the deeper residual net is the better one",
      measured: .init(
        nets.cure, unit: "points less than plain", decimals: 1,
        against: points(", ", gap, "than the shallow residual net\(few)")),
      verdict: isWorse || !isBetter ? cure.atMostPartly : cure,
      reason: !isWorse && !isBetter && cure != .notHere && cure != .undecided
        ? "on the training images; on new ones the deeper net is no better beyond chance" : "")
  }

  private static func identity(_ nets: DegradationFindings, _ factors: BranchFactors?) -> Claim {
    let text = "F(x) is driven to 0"
    if let net = factors?.row(ScalingFindings.root(factors?.blocks ?? 1)) {
      // A norm would hold the branch at the size of its γ; without one it is free.
      let ratio = Summary(zip(net.after.values, net.before.values).map { $0 / $1 })
      return Claim(
        text, source: "S1", published: "F(x) = 0",
        measured: .init(ratio, unit: "times its size before training, without a norm", decimals: 2),
        verdict: .ofEffect(Summary(ratio.values.map { 1 - $0 }), over: 0.5, from: 0.9),
        reason: reason(
          "‖αF(x)‖/‖x‖, mean of the blocks of the net on two spirals; see Errors found in the sources",
          seeds: ratio.count)
      )
    }
    let left = nets.deepResidual.branchResponses
    return Claim(
      text, source: "S1", published: "F(x) = 0",
      measured: .init(left, unit: "of the branch's size after training, 1 before", decimals: 2),
      // γ begins at 1: where it has hardly moved, nothing has been driven anywhere yet.
      verdict: nets.deepResidual.isNearStart
        ? .undecided : .ofEffect(Summary(left.values.map { 1 - $0 }), over: 0.5, from: 0.9),
      reason: reason(
        nets.deepResidual.isNearStart
          ? "γ begins at 1 and has hardly moved"
          : "standard deviation after the branch's last norm; see Errors found in the sources", seeds: left.count))
  }

  private static func quieter(_ nets: DegradationFindings) -> Claim {
    let plain = nets.deepPlain.branchResponses
    // γ begins at 1: where it has hardly moved in either net, little has been tested.
    let hasHardlyMoved = [nets.deepPlain, nets.deepResidual].allSatisfy { abs($0.branchResponses.mean - 1) < 0.15 }
    let verdict = Claim.Verdict.ofEffect(nets.quieter, from: 0)
    return Claim(
      "Layers of a residual net respond less than those of a plain one", source: "He et al. 2016a",
      published: "smaller responses in their figure 7",
      measured: .init(
        nets.deepResidual.branchResponses, unit: "in \(nets.deepResidual.net.name)", decimals: 2,
        against: .init(plain, unit: "in \(nets.deepPlain.net.name)", decimals: 2)),
      verdict: !nets.isLong ? .undecided : hasHardlyMoved ? verdict.atMostPartly : verdict,
      reason: !nets.isLong
        ? tooShort(nets)
        : hasHardlyMoved
          ? "after \(counted(nets.epochs, "epoch")) γ, which is 1 at the start, has hardly moved; theirs had 64,000 steps"
          : "second layer of each block but the last, which the classifier reads")
  }

  private static func zeroBranch(_ nets: DegradationFindings, _ branches: (full: DeepRun, zero: DeepRun)) -> Claim {
    // In the end both have learned nearly all: what is easier shows on the way.
    let gain = branches.full.early - branches.zero.early
    let verdict = Claim.Verdict.ofEffect(gain, from: 0)
    return Claim(
      "Blocks that begin as the identity (γ = 0) train more easily", source: "Goyal et al. 2017",
      published: "easier training at the start",
      measured: points(
        "", Summary(gain.values.map { -$0 }), "training error in the first \(DeepRun.earlyEpochs) epochs"),
      verdict: nets.isLong ? verdict : .undecided,
      reason: !nets.isLong
        ? "in a short training the branches first have to grow"
        : verdict == .reproduced
          ? ""
          : "\(gain.direction() == .withinChance ? "no difference beyond chance; " : "")in the end \(fixed(branches.zero.trainingErrors.mean, 1)) % against \(fixed(branches.full.trainingErrors.mean, 1)) %; it was claimed for long trainings with batches of thousands"
    )
  }

  private static func scaling(_ findings: Findings) -> Claim {
    let text = "A factor 1/√L on the branches trains a deep net without normalization"
    if let factors = findings.factors, let net = factors.row(ScalingFindings.root(factors.blocks)),
      let none = factors.row(0), let full = factors.row(1)
    {
      let gains = [none.errors - net.errors, full.errors - net.errors]
      return Claim(
        text, source: "De and Smith 2020", published: "the deep net trains",
        measured: .init(
          net.errors, unit: "% errors", decimals: 1,
          against: .init(", without branches ", none.errors, unit: "%", decimals: 1),
          .init(", with α = 1 ", full.errors, unit: "%", decimals: 1)),
        verdict: .ofEffect(gains[0].mean < gains[1].mean ? gains[0] : gains[1], from: 1),
        reason: reason(
          "\(2 * factors.blocks) layers against one hidden layer of 32 units; two spirals, each at its best rate; De and Smith let training change the factor, ours stays",
          seeds: net.errors.count))
    }
    let (scaling, gain) = (findings.scaling, findings.scaling.branchGain)
    return Claim(
      text, source: "De and Smith 2020", published: "the deep net trains",
      measured: .init(
        scaling.trainings[1].errors, unit: "% errors", decimals: 1,
        against: .init(", without branches ", scaling.trainings[0].errors, unit: "%", decimals: 1)),
      verdict: .ofEffect(gain, from: 1),
      reason: reason(
        "\(2 * scaling.blocks) layers against one hidden layer of 32 units; two spirals, each at its best rate; De and Smith let training change the factor, ours stays",
        seeds: gain.count))
  }

  private static func bottleneck(_ blocks: BlockFindings) -> Claim {
    Claim(
      "A bottleneck costs less than the standard block", source: "S1", published: "73,728 against 69,632",
      measured: .init(
        value: Double(blocks.basicSum),
        against: .init(value: Double(blocks.bottleneckSum), unit: "weights as built")),
      verdict: .of(
        blocks.basicSum == 73_728 && blocks.bottleneckSum == 69_632, partly: blocks.bottleneckSum < blocks.basicSum),
      reason: "these are weights, not multiply-adds; two 3×3 on 64 channels against a bottleneck on 256")
  }

  private static func complexity(_ findings: Findings) -> Claim {
    let (residual, plain) = (findings.family("ResNet-152"), findings.family("VGG-19"))
    let isLess = (residual.multiplyAdds < plain.multiplyAdds, residual.parameters < plain.parameters)
    return Claim(
      "ResNet-152 is less complex than VGG-19", source: "S1", published: "lower complexity than VGG-19",
      measured: .init(
        value: Double(residual.multiplyAdds) / 1e9, unit: "G", decimals: 2,
        against: .init(value: Double(plain.multiplyAdds) / 1e9, unit: "G multiply-adds", decimals: 2)),
      verdict: .of(isLess.0 && isLess.1, partly: isLess.0 || isLess.1),
      reason: isLess.0 == isLess.1
        ? "in parameters and in multiply-adds" : isLess.0 ? "not in parameters" : "not in multiply-adds")
  }

  private static func families(_ findings: Findings) -> Claim {
    let (exact, count) = (findings.exactFamilies, findings.families.count)
    return Claim(
      "The networks built here have the published number of parameters", source: "torchvision, S3's table",
      published: "the numbers of torchvision's list",
      measured: .init(value: Double(exact), unit: "of \(count) with exactly that number", decimals: 0),
      verdict: .of(exact == count, partly: exact > 0), reason: "S3 gives no number; its table leads to 62,378,344")
  }

  /// `3.1 ± 0.4 points less`, `… more`: a difference in percentage points.
  private static func points(_ lead: String, _ difference: Summary, _ tail: String) -> Claim.Measurement {
    let isLess = difference.mean < 0
    return .init(
      lead, isLess ? Summary(difference.values.map { -$0 }) : difference,
      unit: "points \(isLess ? "less" : "more") \(tail)", decimals: 1)
  }
}
