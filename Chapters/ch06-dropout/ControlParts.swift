// Single controls of chapter 6, each measured alone: `--full --controls --part NAME`.

import ArgumentParser
import Workbook

/// What can be measured by itself and added to the record.
enum ControlPart: String, CaseIterable, ExpressibleByArgument {
  /// L2 again, with all seeds.
  case again
  /// Colour photographs, which take a folder.
  case photographs
  /// Pixels alone and hidden units alone, at several shares.
  case shares
  /// Other shares in other settings; those on photographs take the folder.
  case settings
  /// Dropping and noise at the best shares, after few steps and after many.
  case lengths
  /// Both at the best shares: thinned nets, lost units, wrong labels.
  case ours
  /// Noise at its own best shares.
  case noise
  /// The share of the pixels in narrow layers, with batch norm, with many images.
  case pixels
  /// A convolutional net that learns shifted digits.
  case shift
  /// The same, five times as long.
  case longShift
  /// The dense net on shifted digits, with few steps and with many, and on standardized pixels.
  case inputs
  /// Pixels, hidden units, and both at once, where one of them lacked; those on photographs take the folder.
  case together
}

extension Dropouts.Plan {
  /// Measures what the record lacks of one part.
  ///
  /// - Parameter keep: is called with all that is there, after each net.
  func measure(
    _ part: ControlPart, photographs: String?, _ findings: inout Dropouts.Findings,
    keeping keep: (Dropouts.Findings) throws -> Void
  ) throws {
    guard var controls = findings.controls, var apart = controls.apart else { return }
    let (wide, recorded) = (findings.wide, findings)
    func keepAll() throws {
      controls.apart = apart
      findings.controls = controls
      try keep(findings)
    }
    switch part {
    case .again:
      if controls.decayAll == nil, let net = controls.decay {
        let runs = try inParallel(seeds.count) {
          try trained(
            Recipe().wide(wide).penalized(net.decay), on: train.drawn(few, seed: seeds[$0]), validation: nil,
            testing: test, steps: steps, rate: net.rate, seed: seeds[$0]
          ).errors
        }
        controls.decayAll = Tuned(rate: net.rate, decay: net.decay, runs: runs)
      }
    case .photographs:
      guard let photographs, apart.photographs == nil else { return }
      apart.photographs = try self.photographs(from: photographs, width: wide)
    case .shares:
      apart.sharesAlone = try sharesAlone(recorded, apart) { found in
        apart.sharesAlone = found
        try keepAll()
      }
    case .settings:
      // As it is, and what is kept of it on the way.
      var now = apart
      try sharesElsewhere(recorded, &now, photographs: photographs) { found in
        apart = found
        try keepAll()
      }
      apart = now
    case .lengths:
      apart.lengths = try lengths(recorded, apart.lengths) { found in
        apart.lengths = found
        try keepAll()
      }
    case .ours:
      apart.ours = try ourShares(recorded, apart.ours) { found in
        apart.ours = found
        try keepAll()
      }
    case .noise:
      apart.lengths = try noiseShares(recorded, apart.lengths) { found in
        apart.lengths = found
        try keepAll()
      }
    case .pixels, .inputs:
      let measured = part == .pixels ? pixelShares(_:_:keeping:) : otherInputs(_:_:keeping:)
      apart.sharesElsewhere = try measured(recorded, apart) { found in
        apart.sharesElsewhere = found
        try keepAll()
      }
    case .together:
      var now = controls
      try together(recorded, &now, photographs: photographs) { found in
        controls = found
        apart = found.apart ?? apart
        try keepAll()
      }
    case .longShift:
      guard var maps = controls.maps, let longer = recorded.fewLonger else { return }
      let kinds: [(MapRecipe, [Float])] = [(.nothing, []), (.values, [0.1, 0.25]), (.units, [0.25])]
      for (recipe, shares) in kinds.dropFirst(maps.shiftedLonger?.count ?? 0) {
        var plan = self
        (plan.seeds, plan.tuningSeeds, plan.steps) = (Array(seeds.prefix(5)), 2, longer.steps)
        maps.shiftedLonger =
          (maps.shiftedLonger ?? []) + [try plan.maps(recipe, around: 0.025, isShifted: true, shares: shares)]
        controls.maps = maps
        try keepAll()
      }
      // The seeds that they lack.
      var plan = self
      plan.steps = longer.steps
      for place in maps.shiftedLonger?.indices ?? 0..<0 {
        guard let kind = maps.shiftedLonger?[place] else { continue }
        let rest = Array(seeds.dropFirst(kind.net.runs.count))
        maps.shiftedLonger?[place].net.runs += try inParallel(rest.count) {
          try plan.trainedMaps(kind.recipe, kind.share, rate: kind.net.rate, isShifted: true, seed: rest[$0])
        }
        controls.maps = maps
        try keepAll()
      }
    case .shift:
      guard var maps = controls.maps else { return }
      for recipe in [MapRecipe.nothing, .values, .units].dropFirst(maps.shifted?.count ?? 0) {
        var plan = self
        (plan.seeds, plan.tuningSeeds) = (Array(seeds.prefix(5)), 2)
        maps.shifted = (maps.shifted ?? []) + [try plan.maps(recipe, around: 0.025, isShifted: true)]
        controls.maps = maps
        try keepAll()
      }
    }
    try keepAll()
  }
}
