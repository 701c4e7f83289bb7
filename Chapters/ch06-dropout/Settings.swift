// What dropped pixels, dropped hidden units, and both save in several settings.

import Workbook

/// What is saved in one setting by dropped pixels, by dropped hidden units, and by both, each at the best share tried.
struct Setting {
  var name: String
  /// With nothing dropped.
  var error: Summary
  var pixels: Alone
  /// Nil where they were not tried.
  var units: Alone?
  var both: Both?

  /// Whether both together save more than the better of the two alone, beyond chance; nil where that was not tried.
  var isBothBetter: Bool? {
    guard let both, let units else { return nil }
    return saves(difference(both.gain, pixels.gain)) && saves(difference(both.gain, units.gain))
  }
}

extension Dropouts.Findings {
  /// The first row is the net of the text; each of the others says in what it differs.
  var settings: [Setting] {
    guard let apart = controls?.apart, let alone = bestAlone, let narrow = apart.widths.first else { return [] }
    var found = [
      Setting(
        name: "digits, \(grouped(few)) images, layers of \(wide)", error: contest[0].testErrors, pixels: alone.pixels,
        units: alone.units, both: bestBoth(.usual, against: contest[0]))
    ]
    func add(
      _ name: String, _ plain: Tuned?, _ pixels: (share: Float, net: Tuned)?, _ units: Alone?, _ both: Both? = nil
    ) {
      guard let plain, let pixels else { return }
      found.append(
        Setting(
          name: name, error: plain.testErrors, pixels: Alone(pixels, against: plain), units: units,
          both: both))
    }
    if let units = narrowUnits {
      add(
        "layers of \(narrow)", byWidth.nets[0][byWidth.narrow], bestPixels(.narrow, apart.pixels.first), units)
    }
    if let many = equalEpochs, let units = manyUnits {
      add(
        "\(grouped(many.size)) images, \(grouped(many.steps)) steps", many.nets[0],
        bestPixels(.manyLonger, apart.pixelsMany?.first), units)
    }
    if let plain = plain(.everything), let units = everything.best {
      let many = SharesElsewhere.many(SharesElsewhere.split.learned)
      add(
        "\(grouped(many.size)) images, \(grouped(many.steps)) steps", plain, bestPixels(.everything, nil),
        Alone(units, against: plain), bestBoth(.everything, against: plain))
    }
    if let wrong = controls?.apart?.wrong, wrong.count == 2, bestBoth(.wrong, against: noisy.nets[0]) != nil {
      add(
        "\(percent(Double(Dropouts.wrongShare))) of the labels wrong", noisy.nets[0], bestPixels(.wrong, wrong[0]),
        bestUnits(.wrong, wrong[1], against: noisy.nets[0]), bestBoth(.wrong, against: noisy.nets[0]))
    }
    if let photographs = onPhotographs, let plain = apart.photographs?.nets.first {
      found.append(
        Setting(
          name: "colour photographs (CIFAR-10)", error: plain.testErrors, pixels: photographs.pixels,
          units: photographs.units,
          both: bestBoth(.photographs, against: plain)))
    }
    return found
  }

  /// What hidden units alone save at the share that errs least on images kept back; nil where one was tried.
  private func bestUnits(
    _ setting: SharesElsewhere.Setting, _ usual: Tuned?, against plain: Tuned
  ) -> Alone? {
    better(setting, ApartFindings.units.dropout, usual).map { Alone($0, against: plain) }
  }

  /// Hidden units alone, where all images of the set are learned.
  private var everything: ShareChoice {
    let nets = controls?.apart?.sharesElsewhere?.nets.filter { $0.setting == .everything && $0.pixels == 0 } ?? []
    return ShareChoice(nets.filter { $0.units > 0 }.map { ($0.units, $0.net) })
  }
  /// Whether dropping hidden units beside pixels saves no more than pixels alone, beyond chance, on the digits of the text.
  var isPixelsEnough: Bool {
    guard let first = settings.first, let both = first.both else { return false }
    return !saves(difference(both.gain, first.pixels.gain))
  }

  /// The same in the narrow layers of the text, and with most images and time for them.
  var narrowUnits: Alone? {
    guard let apart = controls?.apart else { return nil }
    return bestUnits(.narrow, apart.units.first, against: byWidth.nets[0][byWidth.narrow])
  }
  var manyUnits: Alone? {
    guard let many = equalEpochs else { return nil }
    return bestUnits(.manyLonger, controls?.apart?.unitsMany?.first, against: many.nets[0])
  }
  /// Pixels and hidden units on top of batch norm, each at the best share that was tried.
  var onNorm: (pixels: (share: Float, net: Tuned), units: (share: Float, net: Tuned))? {
    guard let norm = controls?.apart?.norm, norm.count == 2, let pixels = bestPixels(.norm, norm[0]) else { return nil }
    return (pixels, bestUnitsOnNorm ?? (ApartFindings.units.dropout, norm[1]))
  }
  /// What half of the hidden units, dropped, saves in narrow and in wide layers.
  var halfOfUnits: (narrow: Summary, wide: Summary)? {
    guard let apart = controls?.apart, let narrow = apart.units.first, let wide = apart.wide?.units else { return nil }
    return (difference(byWidth.nets[0][byWidth.narrow].testErrors, narrow.testErrors), gain(wide))
  }

  /// Pixels alone and hidden units alone on colour photographs, each at its best share where several were tried.
  var onPhotographs: (pixels: Alone, units: Alone)? {
    guard let apart = controls?.apart, let plain = apart.photographs?.nets.first, let tried = apart.photographShares,
      let pixels = tried.pixels.best, let units = tried.units.best
    else { return nil }
    return (Alone(pixels, against: plain), Alone(units, against: plain))
  }

  /// The points of error that a net saves.
  func gain(_ net: Tuned) -> Summary { difference(contest[0].testErrors, net.testErrors) }
  /// L2 at its best rate and λ, with all seeds where that was measured.
  var decay: Tuned { controls?.decayAll ?? controls?.decay ?? contest[Dropouts.Place.decay] }
}
