// Numbers that people read.

import Datasets
import NeuralNetworks
import Tensors
import Testing
import Training

@Suite struct MetricsTests {
  @Test("mean and sample deviation of several runs")
  func summary() {
    #expect(Summary([0.72, 0.78, 0.84]).formatted(decimals: 2) == "0.78 ± 0.06")
    #expect(Summary([0.72, 0.78, 0.84]).description == "0.780 ± 0.060")
    #expect(Summary([2, 4]).deviation == 2.0.squareRoot())
    #expect(Summary([9, 1, 2]).median == 2 && Summary([1, 2, 4, 100]).median == 3 && Summary([]).median.isNaN)
    #expect(Summary([1.5]).description == "1.50")
    #expect(Summary([0, 0]).description == "0.00 ± 0.00")
    #expect(Summary([.nan, 1]).description == "NaN ± NaN")
    #expect((Summary([3, 1]).minimum, Summary([3, 1]).maximum) == (1, 3))
    #expect(Summary([]).description == "–")
    #expect(Summary([1, 3]).standardError == 1)
    // Student's table: 12.7062 for one degree of freedom, 2.7764 for four, 2.0639 for 24.
    #expect(abs(Summary([1, 3]).uncertainty - 12.7062) < 1e-4)
    let five = Summary([1, 2, 3, 4, 5]), many = Summary((0..<25).map(Double.init))
    #expect(abs(five.uncertainty / five.standardError - 2.7764) < 1e-4)
    #expect(abs(many.uncertainty / many.standardError - 2.0639) < 1e-4)
    #expect(Summary([1]).uncertainty == .infinity)
    // Among ten comparisons the 99.5 % interval: 5.598 for four degrees of freedom, 3.091 for 24; of one the usual.
    #expect(abs(five.uncertainty(among: 10) / five.standardError - 5.598) < 0.001)
    #expect(abs(many.uncertainty(among: 10) / many.standardError - 3.091) < 0.001)
    #expect(Summary([1]).uncertainty(among: 10) == .infinity)
    // What one seed does to both is no difference: 5 ± 4 and 3 ± 4 differ by 2 ± 0.
    #expect((Summary([1, 5, 9]) - Summary([-1, 3, 7])).values == [2, 2, 2])
  }

  @Test("the time left follows from the pace since the start")
  func remaining() {
    #expect(RemainingTime().seconds(at: 0.25, after: 10) == 30)
    #expect(RemainingTime(start: 0.5).seconds(at: 0.75, after: 10) == 10)
    #expect(RemainingTime().seconds(at: 0, after: 10) == .infinity)
    #expect(RemainingTime().seconds(at: 1, after: 10) == 0)
  }
}

@Suite struct EvaluationTests {
  /// Hands its input on: the inputs are the scores.
  private struct Scores: Layer {
    func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }
    mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) { output = input }
    mutating func backward(
      _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
    ) { inputGradient = outputGradient }
  }

  private let samples = TensorSamples(
    name: "scores", inputs: Tensor([4, 3], [5, 1, 0, 2, 2, 1, 0, 1, 4, 1, 3, 2]), labels: [0, 1, 0, 2], classCount: 3)

  @Test("errors, ranks, confusion and worst mistakes of four samples, by hand")
  func byHand() {
    // Choices 0, 0 (the first of a tie), 2, 1; truths 0, 1, 0, 2.
    let result = evaluate(Scores(), on: samples, loss: SoftmaxCrossEntropy(), batchSize: 3)
    #expect(result.predictions == [0, 0, 2, 1])
    #expect(result.ranks == [0, 1, 2, 1])
    #expect(result.error == 0.75)
    #expect(result.topError(2) == 0.25)
    #expect(result.topError(3) == 0)
    #expect(result.confusion == [[1, 0, 1], [1, 0, 0], [0, 1, 0]])
    #expect(result.worstMistakes == [2, 3, 1])
    let worst = result.mistakes(2)
    #expect(worst.map(\.index) == [2, 3])
    #expect(worst[0].predicted == 2 && worst[0].truth == 0)
    // e⁴/(e⁰ + e¹ + e⁴)
    #expect(abs(worst[0].probability - 0.9362395) < 1e-6)
    #expect(abs(worst[1].probability - 0.66524096) < 1e-6)
  }

  @Test("the batch decides memory and speed, not the result")
  func batches() {
    let whole = evaluate(Scores(), on: samples, loss: SoftmaxCrossEntropy())
    for batch in 1...4 {
      let part = evaluate(Scores(), on: samples, loss: SoftmaxCrossEntropy(), batchSize: batch)
      #expect(part.predictions == whole.predictions && part.confidences == whole.confidences)
      #expect(abs(part.loss - whole.loss) < 1e-7)
    }
  }

  @Test("outputs that are probabilities already are taken as they are")
  func outputs() {
    let result = evaluate(Scores(), on: samples, loss: MeanSquaredError())
    #expect(result.confidences == [5, 2, 4, 3])
  }

  @Test("a model that answers NaN is wrong everywhere")
  func poisoned() {
    let bad = TensorSamples(name: "nan", inputs: Tensor([2, 3], repeating: .nan), labels: [0, 2], classCount: 3)
    let result = evaluate(Scores(), on: bad, loss: MeanSquaredError())
    #expect(result.topError(1) == 1 && result.topError(2) == 1)
  }
}
