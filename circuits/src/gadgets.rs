//! Gadgets of the presentation circuit. Each mirrors a native function of the same name.

pub mod commitment;
pub mod number;
pub mod poseidon2;
pub mod set;

use ark_r1cs_std::fields::fp::FpVar;
use records::Fr;

/// A wire, or a linear combination of wires.
pub type Var = FpVar<Fr>;
