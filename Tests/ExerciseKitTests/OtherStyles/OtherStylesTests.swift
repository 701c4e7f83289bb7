// Right answers in other styles than the solutions pass, and are not taken for a known mistake; near misses fail, and
// are not taken for one either.

import ExerciseCatalogue
import ExerciseKit
import Testing

/// An answer, to be examined.
struct Attempt: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let review: @Sendable () -> Review

  init<Answer>(_ exercise: Exercise<Answer>, _ answer: Answer) {
    testDescription = "\(exercise.label): \(answer)"
    review = { exercise.review(of: answer) }
  }
}

extension Review {
  /// The findings, for the message of a failed test.
  fileprivate var findings: String {
    judgments.enumerated().compactMap { index, judgment in
      if case .failed(let finding) = judgment { "case \(index + 1): \(finding.text)" } else { nil }
    }.joined(separator: "\n")
  }
}

@Suite struct OtherStylesTests {
  @Test(
    "A right answer passes, however it is written",
    arguments: [
      Attempt(Catalogue.ex01_1, DenseByColumns.self),
      Attempt(Catalogue.ex01_2, DenseBackwardByProducts.self),
      Attempt(Catalogue.ex01_3, GradientByLines.self),
      Attempt(Catalogue.ex01_4, MomentumInDouble.self),
      Attempt(Catalogue.ex02_1, SigmoidByTanh.self),
      Attempt(Catalogue.ex02_2, LeakyByMask.self),
      Attempt(Catalogue.ex02_3, ELUByExpm1.self),
      Attempt(Catalogue.ex02_4, MaxoutByDense.self),
      Attempt(Catalogue.ex02_5, DeadBySet.self),
      Attempt(Catalogue.ex03_1, MeanImageRunning.self),
      Attempt(Catalogue.ex03_2, ChannelsByMoments.self),
      Attempt(Catalogue.ex03_3, StandardizeByScale.self),
      Attempt(Catalogue.ex03_4, WhiteningByProducts.self),
      Attempt(Catalogue.ex04_1, FansOfFourAxes.self),
      Attempt(Catalogue.ex04_2, XavierInDouble.self),
      Attempt(Catalogue.ex04_3, HeByLogarithm.self),
      Attempt(Catalogue.ex04_4, SizesByPower.self),
      Attempt(Catalogue.ex05_1, BatchNormByMoments.self),
      Attempt(Catalogue.ex05_2, BatchNormByProjection.self),
      Attempt(Catalogue.ex05_3, RunningByWelford.self),
      Attempt(Catalogue.ex05_4, LayerNormByRows.self),
      Attempt(Catalogue.ex05_5, GroupNormByLayerNorm.self),
      Attempt(Catalogue.ex05_6, FoldByRepeating.self),
      Attempt(Catalogue.ex07_1, PenaltiesByMagnitude.self),
      Attempt(Catalogue.ex07_2, StoppingByPrefixes.self),
      Attempt(Catalogue.ex07_3, CropByShift.self),
      Attempt(Catalogue.ex07_4, TonesByArithmetic.self),
      Attempt(Catalogue.ex07_5, PoolingByRoulette.self),
      Attempt(Catalogue.ex07_6, ClipByMinimum.self),
      Attempt(Catalogue.ex08_1, SquaredErrorFlat.self),
      Attempt(Catalogue.ex08_2, OnlineSoftmax.self),
      Attempt(Catalogue.ex08_3, CrossEntropyByDifferences.self),
      Attempt(Catalogue.ex08_4, TopErrorBySorting.self),
      Attempt(Catalogue.ex09_1, OutputSizeByWalking.self),
      Attempt(Catalogue.ex09_2, ConvolutionByColumns.self),
      Attempt(Catalogue.ex09_3, ConvolutionBackwardByColumns.self),
      Attempt(Catalogue.ex09_4, MaxPoolingByPlaces.self),
      Attempt(Catalogue.ex09_5, AveragePoolingByConvolution.self),
      Attempt(Catalogue.ex09_6, LocalResponseByRunningSums.self),
      Attempt(Catalogue.ex09_7, ReceptiveFieldBackward.self),
      Attempt(Catalogue.ex10_1, LeNetOfTwoParts.self),
      Attempt(Catalogue.ex10_2, TrainingByQueue.self),
      Attempt(Catalogue.ex10_3, ScheduleByTable.self),
      Attempt(Catalogue.ex10_4, SharesByHypot.self),
      Attempt(Catalogue.ex11_1, ResidualByProducts.self),
      Attempt(Catalogue.ex11_2, BottleneckByTable.self),
      Attempt(Catalogue.ex11_3, VGGOfStages.self),
      Attempt(Catalogue.ex11_4, AlexNetByTable.self),
      Attempt(Catalogue.ex11_5, SawtoothOfTents.self),
    ])
  func otherStyles(_ attempt: Attempt) {
    let review = attempt.review()
    #expect(review.passed, "\(review.findings)")
    #expect(review.misconception == nil)
  }

  @Test(
    "A wrong answer that is in no list fails, and is not given a wrong name",
    arguments: [
      Attempt(Catalogue.ex01_2, MeanAndUphill.self),
      Attempt(Catalogue.ex02_1, HardSigmoid.self),
      Attempt(Catalogue.ex03_2, HalfTheRange.self),
      Attempt(Catalogue.ex04_3, ThreeOverFanIn.self),
      Attempt(Catalogue.ex05_1, ScaledShift.self),
      Attempt(Catalogue.ex07_2, WaitsTwice.self),
      Attempt(Catalogue.ex08_2, Warm.self),
      Attempt(Catalogue.ex08_3, SignAndSum.self),
      Attempt(Catalogue.ex08_4, Constant.self),
      Attempt(Catalogue.ex09_1, RoundsToNearest.self),
      Attempt(Catalogue.ex09_2, PadsWithOnes.self),
      Attempt(Catalogue.ex10_3, Refuses.self),
      Attempt(Catalogue.ex10_4, SoftmaxOfNorms.self),
    ])
  func nearMisses(_ attempt: Attempt) {
    let review = attempt.review()
    #expect(!review.passed)
    #expect(review.misconception == nil)
  }
}
