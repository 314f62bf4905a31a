//! Mutants of the circuit: its source with one enforcement removed. The tests of behaviour
//! must object to each; the pinned counts and digest, which object to any change, do not count.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// File, name, the text of the enforcement, and what is left of it.
type Mutant = (&'static str, &'static str, &'static str, &'static str);

const NUMBER: &str = "circuits/src/gadgets/number.rs";
const SET: &str = "circuits/src/gadgets/set.rs";
const POSEIDON2: &str = "circuits/src/gadgets/poseidon2.rs";
const PRESENTATION: &str = "circuits/src/presentation.rs";

/// A wire with the value of a product, but without its constraint.
const FREE: &str = "
fn free(a: &Var, b: &Var) -> Var {
    use ark_r1cs_std::{GR1CSVar as _, alloc::AllocVar as _};
    Var::new_witness(a.cs().or(b.cs()), || Ok(a.value()? * b.value()?)).unwrap()
}
";

const MUTANTS: &[Mutant] = &[
    (NUMBER, "bits are 0 or 1", "bit.mul_equals(&(Var::one() - &bit), &Var::zero())?;", ""),
    (NUMBER, "bits sum to the number", "sum.enforce_equal(number)?;", "let _ = &sum;"),
    (
        SET,
        "one of a set: the last product",
        "product.mul_equals(&(value - last), &Var::zero())",
        "{ let _ = (product, last); Ok(()) }",
    ),
    (
        SET,
        "one of a set: the products before",
        "product * (value - member));\n    product.mul",
        "free(&product, &(value - member)));\n    product.mul",
    ),
    (
        SET,
        "is one of a set: the products",
        "product * (value - member));\n    is_zero",
        "free(&product, &(value - member)));\n    is_zero",
    ),
    (
        SET,
        "is zero: not zero has an inverse",
        "number.mul_equals(&inverse, &(Var::one() - &result))?;",
        "let _ = &inverse;",
    ),
    (SET, "is zero: zero or 0", "number.mul_equals(&result, &Var::zero())?;", ""),
    (POSEIDON2, "x squared", "let x2 = x * x;", "let x2 = free(x, x);"),
    (POSEIDON2, "x to the fourth", "let x4 = &x2 * &x2;", "let x4 = free(&x2, &x2);"),
    (POSEIDON2, "x to the fifth", "Ok(&x4 * x)", "Ok(free(&x4, x))"),
    (
        PRESENTATION,
        "holder: the tag",
        "tag.enforce_equal(&private.record.holder_tag)",
        "{ let _ = tag; Ok(()) }",
    ),
    (PRESENTATION, "membership: each level", "enforce_one_of(&current, children)?;", ""),
    (
        PRESENTATION,
        "membership: the root",
        "enforce_one_of(&current, &public.roots)",
        "{ let _ = (current, &public.roots); Ok(()) }",
    ),
    (
        PRESENTATION,
        "currency: elapsed is CURRENT times the difference",
        "&public.current * (&public.today - &record.valid_from)",
        "free(&public.current, &(&public.today - &record.valid_from))",
    ),
    (
        PRESENTATION,
        "currency: elapsed has few bits",
        "enforce_bits(cs, &elapsed, DAY_BITS)?;",
        "let _ = elapsed;",
    ),
    (
        PRESENTATION,
        "currency: remaining is CURRENT times the difference",
        "&public.current * (&record.valid_until - &public.today)",
        "free(&public.current, &(&record.valid_until - &public.today))",
    ),
    (
        PRESENTATION,
        "currency: remaining has few bits",
        "enforce_bits(cs, &remaining, DAY_BITS)?;",
        "let _ = remaining;",
    ),
    (
        PRESENTATION,
        "predicates: distance from the least value",
        "&(&inputs.ordered * (&value - &inputs.low))",
        "&free(&inputs.ordered, &(&value - &inputs.low))",
    ),
    (
        PRESENTATION,
        "predicates: distance from the greatest value",
        "&(&inputs.ordered * (&inputs.high - &value))",
        "&free(&inputs.ordered, &(&inputs.high - &value))",
    ),
    (
        PRESENTATION,
        "predicates: both ends of the range",
        "let in_range = above * below;",
        "let in_range = free(&above, &below);",
    ),
    (
        PRESENTATION,
        "predicates: range or set",
        "&in_set + &inputs.ordered * (in_range - &in_set)",
        "&in_set + free(&inputs.ordered, &(in_range - &in_set))",
    ),
    (
        PRESENTATION,
        "predicates and links: selection",
        "map(|(chosen, value)| chosen * *value).sum()",
        "map(|(chosen, value)| free(chosen, value)).sum()",
    ),
    (
        PRESENTATION,
        "policy: literals",
        "(positive - negative) * literal",
        "free(&(positive - negative), literal)",
    ),
    (
        PRESENTATION,
        "policy: each clause holds",
        "satisfied.mul_equals(&inverse, &Var::one())",
        "{ let _ = inverse; Ok(()) }",
    ),
    (
        PRESENTATION,
        "disclosure",
        "reveal.mul_equals(attribute, revealed)?;",
        "let _ = (reveal, attribute, revealed);",
    ),
    (
        PRESENTATION,
        "nullifier",
        "public.nullify.mul_equals(&nullifier, &public.nullifier)",
        "{ let _ = nullifier; Ok(()) }",
    ),
    (
        PRESENTATION,
        "links: the tag",
        "selected.mul_equals(&link_tag(&value, blind)?, tag)?;",
        "let _ = (selected, tag, link_tag(&value, blind)?);",
    ),
    (
        PRESENTATION,
        "challenge",
        "let _square = &public.challenge * &public.challenge;",
        "let _square = free(&public.challenge, &public.challenge);",
    ),
];

/// Builds and tests each mutant in a working copy of HEAD under `target/mutants`.
pub(crate) fn circuit() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let copy = root.join("target/mutants");
    if copy.exists() {
        run(Command::new("git").args(["worktree", "remove", "--force"]).arg(&copy), &root)?;
    }
    run(Command::new("git").args(["worktree", "add", "--detach"]).arg(&copy).arg("HEAD"), &root)?;
    ensure!(tests_pass(&root, &copy)?, "the tests fail without a mutation");
    let mut survivors = Vec::new();
    for mutant in MUTANTS {
        let killed = try_mutant(&root, &copy, mutant)?;
        println!("{}  {}", if killed { "killed  " } else { "SURVIVED" }, mutant.1);
        if !killed {
            survivors.push(mutant.1);
        }
    }
    run(Command::new("git").args(["worktree", "remove", "--force"]).arg(&copy), &root)?;
    println!("{} of {} mutants killed", MUTANTS.len() - survivors.len(), MUTANTS.len());
    if survivors.is_empty() { Ok(()) } else { bail!("survivors: {survivors:?}") }
}

fn try_mutant(root: &Path, copy: &Path, (file, name, from, to): &Mutant) -> Result<bool> {
    let path = copy.join(file);
    let good = fs::read_to_string(&path).with_context(|| format!("reading {file}"))?;
    ensure!(good.matches(from).count() == 1, "{name}: {from:?} stands not once in {file}");
    fs::write(&path, good.replace(from, to) + FREE)?;
    let passed = tests_pass(root, copy);
    fs::write(&path, good)?;
    Ok(!passed?)
}

/// The tests of behaviour. A mutant that does not compile is a defect of this list.
fn tests_pass(root: &Path, copy: &Path) -> Result<bool> {
    // A target folder of its own: a run takes long, and other builds need not wait for it.
    let target: PathBuf = root.join("target/mutants-target");
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new("cargo");
        command.args(arguments).current_dir(copy).env("CARGO_TARGET_DIR", &target);
        command.output()
    };
    let tests = ["--test", "corruptions", "--test", "boundaries", "--test", "necessity"];
    let build = [&["test", "--release", "-p", "circuits", "--no-run"][..], &tests].concat();
    let built = cargo(&build)?;
    ensure!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let test = [&["test", "--release", "-p", "circuits"][..], &tests].concat();
    Ok(cargo(&test)?.status.success())
}

fn run(command: &mut Command, folder: &Path) -> Result<()> {
    let status = command.current_dir(folder).status()?;
    ensure!(status.success(), "{command:?} failed");
    Ok(())
}
