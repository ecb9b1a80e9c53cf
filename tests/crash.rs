//! The program killed at random instants while it makes a pack and sends it to a server that counts: nobody gets a pack
//! twice, whoever did not get it is known, and what is left behind is whole.

mod small_system;
mod smtp_server;

use boardpack::collect::sha256;
use boardpack::period::Period;
use boardpack::store::Ledger;
use small_system::SmallSystem;
use smtp_server::{Heard, Script, decode_base64};
use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RECIPIENTS: usize = 6;

/// A generator of numbers that anybody can repeat (SplitMix64).
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn up_to(&mut self, longest: Duration) -> Duration {
        longest.mul_f64((self.next() >> 11) as f64 / (1u64 << 53) as f64)
    }
}

struct Rehearsal {
    system: SmallSystem,
    received: Vec<Heard>,
}

impl Rehearsal {
    async fn new() -> Self {
        // Slow enough for a kill to hit each step of a conversation.
        let script = Script { pause: Duration::from_millis(5), ..Script::default() };
        Self { system: SmallSystem::new(script, RECIPIENTS).await, received: Vec::new() }
    }

    fn command(&self) -> Command {
        let mut command = self.system.command(&["run"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Kills a run some time after it starts; true where it had not ended by itself.
    async fn kill_after(&mut self, time: Duration) -> bool {
        let mut process = self.command().spawn().unwrap();
        tokio::time::sleep(time).await;
        let running = process.try_wait().unwrap().is_none();
        process.kill().unwrap();
        process.wait().unwrap();
        running
    }

    /// Lets a run come to its end, and checks all that is promised of it.
    async fn finish(&mut self, told: &str) {
        let mut command = self.command();
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        // What was sent to a process that is dead may still be on its way into the server's book.
        tokio::time::sleep(Duration::from_millis(50)).await;
        let to_operators = |heard: &Heard| heard.commands.iter().any(|line| line.starts_with("RCPT TO:<desk@"));
        let taken = self.system.post.take().into_iter();
        self.received.extend(taken.filter(|heard| heard.is_whole && !to_operators(heard)));
        let mut got: BTreeMap<String, usize> = BTreeMap::new();
        for heard in &self.received {
            let to = heard.commands.iter().find_map(|line| line.strip_prefix("RCPT TO:<")?.split('>').next()).unwrap();
            *got.entry(to.to_owned()).or_default() += 1;
        }
        let ledger = Ledger::open(&self.system.path("ledger.sqlite")).await.unwrap();
        let quarter = Period::financial_quarter(2026, 2);
        let messages = ledger.messages_of("board-pack", quarter).await.unwrap();
        assert_eq!(messages.len(), RECIPIENTS, "{told}\n{said}");
        let mut held = 0;
        for message in &messages {
            let times = got.get(&message.key.address).copied().unwrap_or_default();
            assert!(times <= 1, "{told}: {} got it {times} times\n{said}", message.key.address);
            match message.state.as_str() {
                "accepted" => assert_eq!(times, 1, "{told}: recorded as delivered and not received\n{said}"),
                "unknown" => {
                    held += 1;
                    assert!(said.contains(&format!("{}: held", message.key.address)), "{told}: not told\n{said}");
                }
                state => panic!("{told}: a message was left {state}\n{said}"),
            }
        }
        assert_eq!(output.status.code(), Some(if held == 0 { 0 } else { 3 }), "{told}\n{said}");
        assert_eq!(ledger.unfinished_runs("board-pack", quarter).await.unwrap(), [], "{told}");
        let verified = self.system.run(&["archive", "verify"], &[]).await;
        assert!(verified.status.success(), "{told}: {}", String::from_utf8_lossy(&verified.stderr));
        self.assert_one_pack(told);
        ledger.close().await;
    }

    /// Whoever has a pack has the same.
    fn assert_one_pack(&self, told: &str) {
        let attached = |heard: &Heard| {
            let text = String::from_utf8_lossy(&heard.text).into_owned();
            let (_, part) = text.split_once("Content-Disposition: attachment").unwrap();
            let body = part.split_once("\r\n\r\n").unwrap().1.split("\r\n--").next().unwrap().to_owned();
            sha256(&decode_base64(&body))
        };
        let packs: std::collections::BTreeSet<String> = self.received.iter().map(attached).collect();
        assert!(packs.len() <= 1, "{told}: {packs:?}");
    }
}

/// Each rehearsal is killed up to three times, and then comes to its end.
async fn kill(kills: usize, seed: u64) {
    let mut instants = Seeded(seed);
    let began = Instant::now();
    let mut undisturbed = Rehearsal::new().await;
    undisturbed.finish("undisturbed").await;
    assert_eq!(undisturbed.received.len(), RECIPIENTS);
    let takes = began.elapsed();
    let (mut done, mut hit) = (0, 0);
    while done < kills {
        let mut rehearsal = Rehearsal::new().await;
        let mut told = format!("seed {seed}");
        for _ in 0..=instants.next() % 3 {
            let after = instants.up_to(takes);
            told = format!("{told}, killed after {after:?}");
            hit += usize::from(rehearsal.kill_after(after).await);
            done += 1;
        }
        rehearsal.finish(&told).await;
    }
    assert!(hit * 2 > done, "only {hit} of {done} kills met a run at work");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_a_pack_twice_and_nobody_is_forgotten_whenever_the_program_is_killed() {
    kill(10, 20_261_122).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "heavy: 200 kills take minutes"]
async fn heavy_nobody_gets_a_pack_twice_whenever_the_program_is_killed_200_times() {
    kill(200, 7).await;
}
