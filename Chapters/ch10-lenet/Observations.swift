// What was seen inside a network while it learned, kept beside its checkpoint, so that figures survive a pause.

import Foundation
import Workbook

/// The past of the two observers of a run.
struct Observations: Codable {
  var gradients: GradientNorms.Record
  var inputs: ActivationInputs.Record

  /// `lenet-5-seed1.observations.json`.
  struct File {
    private let path: String

    init(beside checkpoint: String) {
      path = checkpoint.replacingOccurrences(of: ".safetensors", with: ".observations.json")
    }

    /// Writes what the observers have seen.
    func save(_ gradients: GradientNorms, _ inputs: ActivationInputs) throws {
      let seen = Observations(gradients: gradients.record, inputs: inputs.record)
      try JSONEncoder().encode(seen).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// Gives the observers their past; without a file, or with a broken one, they begin where the run goes on.
    func restore(_ gradients: GradientNorms, _ inputs: ActivationInputs, finishedEpochs: Int) {
      guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)),
        let seen = try? JSONDecoder().decode(Observations.self, from: data)
      else { return }
      gradients.restore(seen.gradients, finishedEpochs: finishedEpochs)
      inputs.restore(seen.inputs, finishedEpochs: finishedEpochs)
    }
  }
}
