// The exercises of chapter 11, in order.

extension Catalogue {
  package static let chapter11: [any AnyExercise] = []
}
