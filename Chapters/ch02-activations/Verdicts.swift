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

  /// `With Xavier's weights, eight layers of sigmoids learn nothing.`
  var plainSigmoid: String {
    let net = deepNets.nets[DeepNet.sigmoid]
    return net.losses.mean > 2
      ? "With Xavier's weights, eight layers of sigmoids learn nothing in \(grouped(deepNets.steps)) steps."
      : "With Xavier's weights, eight layers of sigmoids end at a loss of \(fixed(net.losses.mean, 2))."
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

  /// The same to take home.
  var sigmoidLesson: String {
    let loss = suited.net.losses - deepNets.nets[DeepNet.relu].losses
    return "\(plainSigmoid) With \(suited.factor) times these they learn, and end "
      + loss.worded(above: "a little higher than ReLU", below: "lower than ReLU", withinChance: "as low as ReLU") + "."
  }

  /// The sigmoid net of the race that makes the fewest test errors, of all sizes of its weights.
  var convSigmoid: HeavySigmoid? {
    heavy?.filter { $0.racer.diverged == 0 }.min { $0.racer.errors.mean < $1.racer.errors.mean }
  }

  /// For the lead: `Sigmoids then learn even in eight dense layers, to a higher loss than ReLU.`
  var sigmoidInShort: String {
    let loss = suited.net.losses - deepNets.nets[DeepNet.relu].losses
    return "Sigmoids then learn even in eight dense layers, to "
      + loss.worded(
        above: "a higher loss than ReLU.", below: "a lower loss than ReLU.", withinChance: "about the loss of ReLU.")
  }

  /// Who learns faster, and what a step costs, for the section that asks why ReLU won.
  var speedWords: String {
    let step = costs.steps[1] / costs.steps[0] - 1
    let price =
      step > 0.02
      ? "A training step takes \(percent(step)) longer with tanh." : "A training step takes as long with tanh."
    let onDigits =
      hardRatio.map { ratio in
        ratio.worded(
          from: 1, above: "On digits tanh needs \(fixed(ratio.mean, 1)) times as many steps to a low loss",
          below: "On digits tanh needs fewer steps to a low loss",
          withinChance: "On digits tanh needs as many steps to a low loss")
          + (convErrorWords.last.map { " and makes more test errors, \($0)." } ?? ".")
      } ?? convErrorWords.last.map { "On digits tanh makes more test errors, \($0)." }
    return ([photographs?.lesson, onDigits, price].compactMap { $0 }).joined(separator: " ")
  }

  /// What ReLU gains over tanh, to take home.
  var tanhLesson: String {
    let digits =
      hardRatio.map { ratio in
        let last = isTanhBehindInConv ? convErrors.last : nil
        let errors = last.map { " and makes \(fixed(($0.tanh / $0.relu).mean, 1)) times as many test errors" } ?? ""
        return ratio.direction(from: 1) == .above
          ? "In a small conv net on digits tanh needs \(fixed(ratio.mean, 1)) times as many steps as ReLU to a low loss\(errors)."
          : "In a small conv net on digits tanh is as fast as ReLU."
      } ?? "On digits ReLU's gain over tanh is small."
    return digits + (photographs.map { " " + $0.lesson } ?? "")
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
