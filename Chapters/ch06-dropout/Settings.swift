// What dropped pixels and dropped hidden units save in every setting, each alone and both.

import Workbook

extension Summary {
  /// What one thing saves, setting by setting.
  struct Row {
    var name: String
    var gains: [Summary]
    init(_ name: String, _ gains: [Summary]) { (self.name, self.gains) = (name, gains) }
    var first: Summary { gains[0] }
    var last: Summary { gains[gains.count - 1] }
  }
}

/// What is saved in one setting by dropped pixels, by dropped hidden units, and by both; nil where it was not measured.
struct Setting {
  var name: String
  var gains: [Summary?]
  /// Hidden units alone at the best of several shares, where several were tried.
  var bestUnits: Alone?

  init(_ name: String, _ gains: [Summary?], best: Alone? = nil) {
    (self.name, self.gains, bestUnits) = (name, gains, best)
  }
}

extension Dropouts.Findings {
  /// What is saved at each width of `controls.apart`: by pixels alone, by hidden units alone, by both.
  var apartGains: [Summary.Row]? {
    guard let apart = controls?.apart, apart.wide != nil else { return nil }
    let places = apart.widths.compactMap { byWidth.settings.firstIndex(of: $0) }
    guard places.count == apart.widths.count else { return nil }
    let plain = places.map { byWidth.nets[0][$0].testErrors }
    return [
      .init("pixels", zip(plain, apart.pixels).map { $0 - $1.testErrors }),
      .init("hidden units", zip(plain, apart.units).map { $0 - $1.testErrors }),
      .init("both", zip(plain, places).map { $0 - byWidth.nets[1][$1].testErrors }),
    ]
  }

  /// The first row is the net of the text; each of the others says in what it differs.
  var settings: [Setting] {
    guard let rows = apartGains, let apart = controls?.apart, apart.sizes == bySize.settings else { return [] }
    func saved(_ nets: LongerFindings, _ pixels: Tuned?, _ units: Tuned?) -> [Summary?] {
      [pixels, units].map { $0.map { nets.nets[0].testErrors - $0.testErrors } } + [nets.gain]
    }
    func element(_ nets: [Tuned]?, _ place: Int) -> Tuned? {
      nets.flatMap { $0.indices.contains(place) ? $0[place] : nil }
    }
    func ofSize(_ place: Int, best: Alone?) -> Setting {
      let plain = bySize.nets[0][place].testErrors
      return Setting(
        "\(grouped(bySize.settings[place])) images",
        [element(apart.pixelsBySize, place), element(apart.unitsBySize, place), bySize.nets[1][place]].map {
          $0.map { plain - $0.testErrors }
        }, best: best)
    }
    let narrow = apart.widths[0]
    var found = [
      Setting(
        "layers of \(wide), \(grouped(few)) images, \(grouped(steps)) steps", rows.map(\.last),
        best: gainsAlone == nil ? nil : bestAlone?.units)
    ]
    if let longer = fewLonger {
      let gains = saved(longer, apart.pixelsLonger.first, element(apart.unitsLonger, 1))
      found.append(Setting("\(grouped(longer.steps)) steps", gains))
    }
    if let gains = authorsGains { found.append(Setting("layers of \(ApartFindings.authorsWidth), max-norm", gains)) }
    found.append(Setting("layers of \(narrow)", rows.map(\.first), best: narrowUnits))
    let bestOfMany = bestUnits(.many, element(apart.unitsBySize, bySize.last), against: bySize.nets[0][bySize.last])
    found += [ofSize(0, best: nil), ofSize(bySize.last, best: bestOfMany)]
    if let many = equalEpochs {
      let gains = saved(many, element(apart.pixelsLonger, 1), element(apart.unitsMany, 0))
      found.append(
        Setting("\(grouped(many.size)) images, \(grouped(many.steps)) steps", gains, best: manyUnits))
    }
    if apart.wrong.count == 2 {
      let gains = apart.wrong.map { noisy.nets[0].testErrors - $0.testErrors } + [noisy.gain]
      found.append(Setting("\(percent(Double(Dropouts.wrongShare))) of the labels wrong", gains))
    }
    return found
  }

  /// What hidden units alone save at the share that errs least on images kept back; nil where one was tried.
  private func bestUnits(
    _ setting: SharesElsewhere.Setting, _ usual: Tuned?, against plain: Tuned
  ) -> Alone? {
    better(setting, ApartFindings.units.dropout, usual).map { Alone($0, against: plain) }
  }

  /// The same in the narrowest layers of the text, and with most images and time for them.
  var narrowUnits: Alone? {
    guard let apart = controls?.apart else { return nil }
    return bestUnits(.narrow, apart.units.first, against: byWidth.nets[0][byWidth.narrow])
  }
  var manyUnits: Alone? {
    guard let many = equalEpochs else { return nil }
    return bestUnits(.manyLonger, controls?.apart?.unitsMany?.first, against: many.nets[0])
  }

  /// What narrow layers bear: `narrow layers can spare few units (best share 0.1)`; nil where half costs nothing.
  var narrowAdvice: String? {
    guard let rows = apartGains, costs(rows[1].first) else { return nil }
    guard let best = narrowUnits else { return "half of the units is too much for narrow layers" }
    return saves(best.gain)
      ? "narrow layers can spare few units (best share \(short(best.share)))"
      : "narrow layers have no units to spare"
  }

  /// What pixels, hidden units and both save in the widest layers, which have a bound on their weights.
  var authorsGains: [Summary]? {
    guard let nets = controls?.apart?.authors, nets.count == 4 else { return nil }
    return nets.dropFirst().map { nets[0].testErrors - $0.testErrors }
  }

  /// Pixels alone, hidden units alone, and both on colour photographs, each at its best share where several were tried.
  var onPhotographs: (pixels: Alone, units: Alone, both: Both)? {
    guard let apart = controls?.apart, let nets = apart.photographs?.nets, let tried = apart.photographShares,
      let pixels = tried.pixels.best, let units = tried.units.best
    else { return nil }
    let together = apart.sharesElsewhere?.net(.photographs, pixels: pixels.share, units: units.share)
    return (
      Alone(pixels, against: nets[0]), Alone(units, against: nets[0]),
      Both(usual: nets[3], together, pixels.share, units.share, against: nets[0])
    )
  }
}

/// Both dropped: at their authors' shares, or at those that are best for each alone, whichever errs less on images kept
/// back.
struct Both {
  /// Of the pixels and of the hidden units.
  var shares: [Double]
  var gain: Summary
  /// The shares that are best for each alone; nil where these were not tried together.
  var atBest: Tuned?

  init(usual: Tuned, _ atBest: Tuned?, _ pixels: Float, _ units: Float, against plain: Tuned) {
    let isBest = atBest.map { $0.validationErrors.mean < usual.validationErrors.mean } ?? false
    let shares = isBest ? [pixels, units] : [Dropouts.dropout.inputDropout, Dropouts.dropout.dropout]
    self.shares = shares.map { Double("\($0)") ?? Double($0) }
    self.atBest = atBest
    gain = difference(plain.testErrors, (isBest ? atBest ?? usual : usual).testErrors)
  }
}

/// Hidden units dropped beside a fifth of the pixels, in layers of one width.
struct SharesOfWidth {
  var width: Int
  /// From 0 on.
  var shares: [Double]
  /// Against the net with nothing dropped.
  var gains: [Summary]

  /// The largest share up to which none costs anything beyond chance.
  var limit: Double {
    let bearable = gains.prefix { !costs($0 - gains[0]) }
    return shares[max(0, bearable.count - 1)]
  }
}

extension Dropouts.Findings {
  /// In the narrow and in the wide layers; nil where none was tried.
  var unitShares: [SharesOfWidth]? {
    guard let found = controls?.allShares, found.shares.first == 0 else { return nil }
    return zip(found.widths, found.gains).map { SharesOfWidth(width: $0, shares: found.shares, gains: $1) }
  }
}
