// Chapter 9: exact counts, and for each effect its direction and half its size.

import Testing
import Workbook

@testable import ch09_convolution

@Suite("Chapter 9") struct ConvolutionChapterTests {
  /// A small data set for tests: synthetic digits, three seeds.
  static let bench = Bench(
    train: SyntheticDigits.dataset(count: 1_200, seed: 1), test: SyntheticDigits.dataset(count: 400, seed: 2),
    epochs: 2, seeds: [1, 2, 3])

  @Test("LeNet-5 costs 156, 2,416, 48,120, 10,164 and 850 parameters, 61,706 in all, and as built the same")
  func lenet() throws {
    let rows = lenetCounts()
    #expect(rows.filter { $0.parameters > 0 }.map(\.parameters) == [156, 2_416, 48_120, 10_164, 850])
    #expect(rows.reduce(0) { $0 + $1.parameters } == 61_706)
    let built = table(of: LeNet5.plain.layers, input: LeNet5.inputShape).filter { $0.parameters > 0 }
    #expect(built.map(\.parameters) == rows.filter { $0.parameters > 0 }.map(\.parameters))
    #expect(built.map(\.multiplyAdds) == rows.filter { $0.parameters > 0 }.map(\.multiplyAdds))
    #expect(built.map(\.output) == rows.filter { $0.parameters > 0 }.map(\.output.dimensions))
  }

  @Test("correlation by hand is what Conv2D computes, with stride and padding")
  func correlation() {
    let image: [[Double]] = (0..<7).map { y in
      (0..<6).map { (x: Int) -> Double in Double((y * 5 + x * 3) % 11) - 4 }
    }
    let kernel = [[1.0, -2, 0], [3, 0.5, -1], [0, 2, 1]]
    for (stride, padding) in [(1, 0), (1, 1), (2, 1), (3, 2)] {
      var layer = Conv2D(
        1, 1, kernel: 3, stride: Extent(stride), padding: Padding(padding), bias: false, initializer: .heNormal)
      layer.weight.value = Tensor([1, 1, 3, 3], kernel.flatMap { $0.map { Float($0) } })
      let byHand = correlate(image, with: kernel, stride: stride, padding: padding)
      #expect(firstMap(layer.forward(tensor(image))) == byHand, "stride \(stride), padding \(padding)")
    }
    let bar: [[Double]] = [[0, 0, 1, 1, 0], [0, 0, 1, 1, 0], [0, 0, 1, 1, 0]]
    #expect(correlate(bar, with: Slide.kernel) == [[4, 4, -4]])
    #expect(
      Slide.sum(bar, 0, 2) == "1·(-1) + 1·(-2) + 1·(-1) = -4" || Slide.sum(bar, 0, 2) == "1·(−1) + 1·(−2) + 1·(−1) = −4"
    )
    #expect(WindowPicture(image: bar, kernel: Slide.kernel, position: (0, 1)).position == (0, 1))
  }

  @Test("a filter's map is the sum of what its kernels make of their channels")
  func channels() {
    for filter in ChannelSum.filters.indices {
      let sum = ChannelSum(filter: filter)
      #expect(sum.map.joined().elementsEqual(zip(sum.parts[0].joined(), sum.parts[1].joined()).map { $0 + $1 }))
      for channel in ChannelSum.channels.indices {
        #expect(
          sum.parts[channel] == correlate(ChannelSum.channels[channel], with: ChannelSum.filters[filter][channel]))
      }
    }
    #expect(
      ChannelSum(filter: 0).firstPixel
        == "channel 1 gives 1·1 + 0·0 + 0·0 + 3·1 = 4, channel 2 gives 0·0 + 1·1 + 2·1 + 0·0 = 3, together 7")
    #expect(ChannelSum(filter: 1).firstPixel.contains("1·1 + 0·(−1) + 0·1 + 3·(−1) = −2"))
  }

  @Test("nine zeros become the kernel whose map is the target, as PyTorch's do; with a step too long they do not")
  func learnedKernel() {
    let digit = rows(of: SyntheticDigits.dataset(count: 1, seed: 1), at: 0)
    let learned = LearnedKernel(image: digit, target: Slide.kernel)
    #expect(
      learned.kernels.count == LearnedKernel.steps.count && learned.kernels[0] == [[0, 0, 0], [0, 0, 0], [0, 0, 0]])
    // The first step is the gradient at 0: twice the mean of target times pixel.
    let map = correlate(digit, with: Slide.kernel)
    let first = map.indices.flatMap { i in map[i].indices.map { j in map[i][j] * digit[i][j + 2] } }
    #expect(abs(learned.kernels[1][0][2] - 2 * first.reduce(0, +) / Double(map.count * map[0].count)) < 1e-9)
    #expect(learned.finds(Slide.kernel))
    let bright = digit.map { $0.map { 3 * $0 } }
    #expect(!LearnedKernel(image: bright, target: Slide.kernel).finds(Slide.kernel))
  }

  @Test("the used pixels of a footprint are the fewest that hold 95 %")
  func used() {
    let footprint = Footprint(depth: 1, mass: [[0.01, 0.02, 0.01], [0.05, 0.82, 0.04], [0.01, 0.03, 0.01]])
    // 0.82 + 0.05 + 0.04 + 0.03 + 0.02 = 0.96
    #expect(abs(footprint.usedShare - 5 / 9.0) < 1e-12)
  }

  @Test("two 3×3 see 5×5 and three see 7×7, with 18C² and 27C² weights for 25C² and 49C²")
  func stacks() {
    #expect(stackedWeights(count: 2, channels: 1) == (5, 18, 25))
    #expect(stackedWeights(count: 3, channels: 1) == (7, 27, 49))
    #expect(stackedWeights(count: 3, channels: 64) == (7, 27 * 4096, 49 * 4096))
  }

  @Test("the gradient reaches 2n + 1 pixels after n layers, and its width grows with the root of n")
  func footprints() throws {
    let depths = [2, 4, 8]
    let prints = try depths.map { try Footprint(depth: $0, side: 21, seeds: Array(1...12)) }
    #expect(prints.map(\.support) == [5, 9, 17])
    let exponent = growthExponent(depths, prints.map(\.deviation))
    #expect(abs(exponent - 0.5) < 0.15, "\(exponent)")
    #expect(prints[2].usedShare < 0.6, "\(prints[2].usedShare)")
  }

  @Test("shapes walk through LeNet-5 to 16×16 pixels seen, and AlexNet has 62,378,344 parameters")
  func walks() throws {
    let lenet = try shapeWalk(LeNet5.plain.layers, input: LeNet5.inputShape)
    #expect(lenet.compactMap(\.receptiveField) == [5, 6, 14, 16])
    let alexNet = AlexNetFacts()
    // As built, the same.
    let built = table(of: AlexNet.lecture(), input: [3, 227, 227])
    #expect(built.filter { $0.parameters > 0 } == alexNet.rows)
    #expect(built.count { $0.kind == "MaxPool" } == alexNet.census.poolings)
    #expect(alexNet.rows.reduce(0) { $0 + $1.parameters } == 62_378_344)
    #expect(alexNet.denseParameters > 0.9 && alexNet.convolutionWork > 0.9)
    #expect(alexNet.census == Census(convolutions: 5, poolings: 3, dense: 3))
    #expect(census(of: listOfS1) == Census(convolutions: 6, poolings: 3, dense: 3))
  }

  @Test("shuffled pixels cost the convolutional net most of what they cost at all")
  func locality() throws {
    let result = try LocalityExperiment(Self.bench)
    let (conv, dense) = (result.convolutional, result.dense)
    #expect(conv.shuffled.mean > conv.ordered.mean + 3, "\(conv)")
    let costs = (conv.shuffled.mean - conv.ordered.mean, dense.shuffled.mean - dense.ordered.mean)
    #expect(costs.0 > 2 * abs(costs.1), "\(costs)")
    #expect(abs(dense.parameters - conv.parameters) < 2_000)
  }

  @Test("the window goes along the row with the largest answer, and last to the end")
  func positions() {
    let places = Slide.positions([[1, 2, 0], [5, -1, 0], [0, 0, 9 - 8]])
    #expect(places.map { [$0.row, $0.column] } == [[1, 0], [1, 1], [1, 2], [2, 2]])
    #expect(Slide.small([[1, 0], [0, 0.2]]) == [[0.3]])
  }

  @Test("pooling makes a map steadier under a shift, overlapping windows most of all")
  func steadiness() {
    let changes = shiftResponses(on: Self.bench.test, count: 50).map(\.change)
    #expect(changes[1] < changes[0] && changes[2] < changes[0])
    #expect(changes[3] < 0.8 * changes[0])
  }

  /// A convolution, and the locally connected layer with the kernel's weights at every position.
  private static func twins(_ inputs: Int, _ outputs: Int, image: Int, kernel: Int, stride: Int) -> (
    Conv2D, LocallyConnected
  ) {
    var generator = SeededGenerator(seed: 3, stream: 1)
    var shared = Conv2D(inputs, outputs, kernel: Extent(kernel), stride: Extent(stride), initializer: .heNormal)
    shared.initialize(using: &generator)
    shared.bias?.value = Tensor([outputs], (0..<outputs).map { 0.1 * Float($0) })
    var local = LocallyConnected(
      inputs, outputs, image: image, window: Window(kernel: Extent(kernel), stride: Extent(stride)))
    let side = (image - kernel) / stride + 1
    var (weights, biases) = ([Float](), [Float]())
    for m in 0..<outputs {
      for place in 0..<side * side {
        var row = [Float](repeating: 0, count: inputs * image * image)
        for c in 0..<inputs {
          for u in 0..<kernel {
            for v in 0..<kernel {
              let (y, x) = (place / side * stride + u, place % side * stride + v)
              row[(c * image + y) * image + x] = shared.weight.value[m, c, u, v]
            }
          }
        }
        weights += row
        biases.append(0.1 * Float(m))
      }
    }
    local.dense.weight.value = Tensor(local.dense.weight.value.shape, weights)
    local.dense.bias?.value = Tensor([biases.count], biases)
    return (shared, local)
  }

  @Test("with equal weights at every place a layer with windows of its own is the convolution", arguments: [1, 2])
  func equalWeights(stride: Int) {
    var (shared, local) = Self.twins(2, 3, image: 6, kernel: 3, stride: stride)
    var generator = SeededGenerator(seed: 4, stream: 1)
    var images = Tensor(zeros: [2, 2, 6, 6])
    images.fillNormal(standardDeviation: 1, using: &generator)
    let (maps, vectors) = (shared.forward(images), local.forward(images.reshaped(to: [2, 72])))
    #expect(vectors.count == maps.count)
    #expect(zip(maps.elements, vectors.elements).allSatisfy { abs($0 - $1) < 1e-5 })
    // No weight lies outside the mask.
    #expect(zip(local.mask.elements, local.dense.weight.value.elements).allSatisfy { $0 == 1 || $1 == 0 })
    #expect(local.freeParameters == vectors.count / 2 * 19)
  }

  @Test("the gradients of windows with own weights are those of differences, and 0 outside of the windows")
  func localGradients() throws {
    var layer = LocallyConnected(2, 3, image: 5, window: Window(kernel: 3, stride: 2))
    var generator = SeededGenerator(seed: 5, stream: 1)
    layer.initialize(using: &generator)
    var input = Tensor(zeros: [3, 50])
    input.fillNormal(standardDeviation: 1, using: &generator)
    let check = checkGradients(of: layer, input: input)
    // Weights outside the windows are fixed at 0, unlike in the differences, so only input and bias must agree.
    #expect(check.entries.filter { $0.name != "weight" }.allSatisfy { $0.relativeError < 1e-3 }, "\(check)")
    let output = layer.forward(input)
    var ones = Tensor(zeros: output.shape)
    ones.fillNormal(standardDeviation: 1, using: &generator)
    _ = layer.backward(ones, input: input, output: output)
    var dense = layer.dense
    _ = dense.backward(ones, input: input, output: output)
    let (own, full, mask) = (
      layer.dense.weight.gradient.elements, dense.weight.gradient.elements, layer.mask.elements
    )
    #expect(own.indices.allSatisfy { own[$0] == (mask[$0] == 1 ? full[$0] : 0) })
    #expect(mask.reduce(0, +) == Float(12 * 18))
    // After a training step, the gaps are still 0.
    #expect(
      layer.dense.weight.value.elements.indices.allSatisfy {
        mask[$0] == 1 || layer.dense.weight.value.elements[$0] == 0
      })
    #expect(throws: ShapeError.self) { try layer.outputShape(for: [49]) }
  }

  @Test(
    "the three nets of the control have the same units, and fewer free parameters with each step",
    arguments: [1, WiderNet.factor])
  func separatedNets(factor: Int) throws {
    let nets = WiderNet.nets(factor: factor).map(\.layers)
    let counts = nets.map { SeparationExperiment.freeParameters(of: $0) }
    #expect(counts[0] > 4 * counts[1] && counts[1] > 2 * counts[2], "\(counts)")
    for net in nets {
      var shape: Shape = [1, 14, 14]
      var units: [Int] = []
      for entry in net.entries {
        shape = try entry.layer.outputShape(for: shape)
        if entry.layer is ReLU { units.append(shape.count) }
      }
      #expect(units == [600 * factor, 144 * factor])
    }
  }

  @Test("windows and equal weights are taken apart: shuffled pixels hurt the convolution most")
  func separation() throws {
    var bench = Self.bench
    bench.train = bench.train.prefix(900)
    let result = try SeparationExperiment(bench, validation: 200, epochs: 3)
    #expect(result.trainingCount == 700 && result.validationCount == 200)
    let (ordered, shuffled) = (
      result.local.ordered - result.shared.ordered, result.local.shuffled - result.shared.shuffled
    )
    #expect(shuffled.mean < -2, "\(result)")
    #expect(ordered.mean > shuffled.mean + 2)
    #expect(SeparationExperiment.trainings(seeds: 3) == 42)
  }

  @Test(
    "at rates of their own shuffling hurts the convolution, not the dense net, and the best rate is one of those tried")
  func ownRates() throws {
    var bench = Self.bench
    bench.train = bench.train.prefix(700)
    bench.epochs = 2
    let rates: [Float] = [0.003, 0.02]
    let race = try OwnRateRace(bench, validation: 200, rates: rates)
    #expect(race.trainingCount == 500 && race.testCount == bench.test.count)
    #expect(race.advantage.gain.mean > race.shuffledAdvantage.gain.mean + 1, "\(race)")
    #expect(
      [race.convolutional, race.dense].allSatisfy { rates.contains($0.orderedRate) && rates.contains($0.shuffledRate) })
    #expect(race.convolutional.orderedTraining?.count == bench.seeds.count)
    #expect(RateContest.trainings(seeds: 5, rates: rates) == 2 * (2 * 2 + 3))
  }

  @Test("the columns of the page are im2col's, and its seven pixels have the outputs of the formula")
  func drawings() throws {
    let image: [[Double]] = (0..<4).map { y in (0..<5).map { Double(y * 5 + $0) } }
    let g = try #require(
      ConvolutionGeometry(channels: 1, filters: 1, image: Extent(4, 5), window: Window(kernel: 2)))
    let expected = Kernels.im2col(tensor(image), geometry: g).elements.map { Double($0) }
    #expect(columns(of: image, kernel: 2).flatMap { $0 } == expected)
    #expect(RowWindow.all.map(\.weights.count) == [5, 7, 3, 3])
    #expect(RowWindow.all.allSatisfy { $0.title.hasSuffix("\($0.weights.count) outputs") || $0.title.hasSuffix("= 7") })
    #expect(RowWindow.all[3].weights[1] == [0, 1, 0, 2, 0, 3, 0])
    let halved = Dataset(
      name: "", pixels: [1, 3, 5, 7, 5, 7, 9, 11, 0, 0, 0, 4, 0, 0, 0, 0], labels: [0], imageShape: [1, 4, 4],
      classCount: 1
    ).halved()
    #expect(halved.pixels == [4, 8, 0, 1] && halved.sampleShape == [1, 2, 2])
  }
}
