// What the deep nets say of the sigmoid and of tanh, in words that text, takeaways and slides share.

import Workbook

extension Activations.Findings {
  /// The sigmoid net with the larger weights that suit it, and how many times as large they are.
  var suited: (factor: String, net: DeepNet) {
    matchedSigmoid.flatMap {
      $0.losses.count == deepNets.nets[DeepNet.relu].losses.count ? $0 : nil
    }
    .map { (short(Double(SizedSigmoid.matchedFactor)), $0) }
      ?? (short(Double(DeepNet.kinds[DeepNet.large].factor)), deepNets.nets[DeepNet.large])
  }

  /// By how much its test error is higher than that of another deep net, in points, seed by seed.
  func sigmoidErrors(over place: Int) -> Summary { suited.net.errors - deepNets.nets[place].errors }

  /// `With the weights used for tanh, eight layers of sigmoids learn nothing.`
  var plainSigmoid: String {
    let net = deepNets.nets[DeepNet.sigmoid]
    return net.losses.mean > 2
      ? "With the weights used for tanh, eight layers of sigmoids learn nothing."
      : "With the weights used for tanh, eight layers of sigmoids end at a loss of \(fixed(net.losses.mean, 2))."
  }

  /// `With 8 times these they end at a higher training loss than ReLU (0.33 against 0.25)`.
  private var suitedLoss: String {
    let (loss, relu) = (suited.net.losses, deepNets.nets[DeepNet.relu].losses)
    let numbers = "(\(fixed(loss.mean, 2)) against \(fixed(relu.mean, 2)))"
    return "With \(suited.factor) times these they end at "
      + (loss - relu).worded(
        above: "a higher training loss than ReLU \(numbers)",
        below: "a lower training loss than ReLU \(numbers)",
        withinChance: "the training loss of ReLU, within chance \(numbers)")
  }

  /// The same with the test error, in numbers.
  var sigmoidVerdict: String {
    let errors = sigmoidErrors(over: DeepNet.relu)
    return
      "\(plainSigmoid) \(suitedLoss), and their test error \(errors.worded(above: "is higher", below: "is lower", withinChance: "differs from ReLU's")) "
      + "by \(fixed(errors.magnitude.mean, 1)) points (95 %: \(errors.magnitude.interval(1)))"
      + errors.worded(above: ".", below: ".", withinChance: ", within chance.")
  }

  /// The same in short: `Even sigmoids then learn in deep nets, to a higher training loss than ReLU …`.
  var sigmoidInShort: String {
    let (loss, errors) = (suited.net.losses - deepNets.nets[DeepNet.relu].losses, sigmoidErrors(over: DeepNet.relu))
    return "Even sigmoids then learn in deep nets, to "
      + loss.worded(
        above: "a higher training loss than ReLU", below: "a lower training loss than ReLU",
        withinChance: "about the training loss of ReLU") + " and "
      + errors.worded(
        above: "a higher test error.", below: "a lower test error.", withinChance: "a test error within chance of it.")
  }

  /// tanh against ReLU in the convolutional net: by how much its test error is higher, after so many steps.
  var convErrors: [(steps: Int, tanh: Summary, relu: Summary)] {
    [race, longRace].compactMap { race in
      race.map { ($0.limit, $0[.tanh].errors, $0[.relu].errors) }
    }.filter { $0.1.count == $0.2.count && $0.1.count > 0 }
  }
  /// Whether tanh makes more test errors there beyond chance, in the longest race that was run.
  var isTanhBehindInConv: Bool {
    convErrors.last.map { ($0.tanh - $0.relu).direction() == .above } ?? false
  }
  /// `4.7 % against 3.6 % after 400 steps (0.9 to 1.4 points more), …`; only those beyond chance.
  var convErrorWords: [String] {
    convErrors.compactMap { steps, tanh, relu in
      let more = tanh - relu
      let decimals = relu.mean < 3 ? 2 : 1
      guard more.direction() == .above else { return nil }
      return
        "\(fixed(tanh.mean, decimals)) % against \(fixed(relu.mean, decimals)) % after \(grouped(steps)) steps (\(more.interval(decimals)) points more, 95 %)"
    }
  }
}
