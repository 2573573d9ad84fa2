//! The calls of one cell: how they are placed, and broken.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::callback;
use crate::fault::{Fault, Scene};
use crate::measured::{Call, Measured};
use crate::moment::{self, Moment};
use crate::panicking;
use crate::process::keep;
use crate::support::company::{Result, SOON};
use crate::support::fault::{AT_ONCE, lease_left};
use crate::support::phone::{Answering, Kind, Phone};
use crate::support::records::CLIENT;
use crate::waiting::{LEASE_MARGIN, Others, PRESSES_AFTER, Waiting, talks_on};

/// One fault at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cell {
    pub(crate) fault: Fault,
    pub(crate) moment: Moment,
}

impl Cell {
    pub(crate) async fn measure(self, program: &Path, calls: usize) -> Measured {
        let mut measured = Measured {
            cell: self,
            calls: Vec::new(),
            lost: Vec::new(),
            left: 0,
            unmeasured: self.fault.why_not(self.moment).map(str::to_owned),
        };
        if measured.unmeasured.is_none()
            && let Err(error) = self.place(program, calls, &mut measured).await
        {
            let first = error.to_string();
            measured.unmeasured = first.lines().next().map(str::to_owned);
            keep(&measured.name(), &first);
        }
        measured
    }

    async fn place(self, program: &Path, calls: usize, measured: &mut Measured) -> Result<()> {
        if self.moment.is_of_a_callback() {
            return self.call_people_back(program, calls, measured).await;
        }
        let mut scene = self.fault.scene(program, "").await?;
        let mut panicking = None;
        if self.fault == Fault::Panic {
            scene.company.application.kill();
            panicking = Some(panicking::start(&scene.company.asterisk, self.moment).await?);
        }
        for _ in 0..calls {
            let sales = scene.company.employee("90", AT_ONCE).await?;
            let by_hand = self.moment >= Moment::AfterKey && self.fault != Fault::Panic;
            let answering = if by_hand { Answering::ByHand } else { AT_ONCE };
            let employee = scene.company.employee("34", answering).await?;
            // Whom a caller chooses to whom the first one was lost.
            let second = scene.company.employee("02", AT_ONCE).await?;
            let others = [&sales, &second];
            let came = self.call(&mut scene, &employee, others).await;
            measured.takes(came, &scene);
            drop((employee, sales, second));
            if self.fault != Fault::Panic {
                scene.mend().await?;
                scene.serves().await?;
            }
            measured.left += self.left(&scene).await?;
        }
        drop(panicking);
        Ok(())
    }

    async fn call_people_back(
        self,
        program: &Path,
        calls: usize,
        measured: &mut Measured,
    ) -> Result<()> {
        let patient = callback::patient(self.moment).await?;
        let mut scene = self
            .fault
            .scene(program, &callback::settings(&patient))
            .await?;
        for number in 0..calls {
            let job = format!("job-{number}");
            let came = callback::call(&mut scene, &patient, self.moment, &job).await;
            measured.takes(came, &scene);
            scene.mend().await?;
            scene.serves().await?;
            // It may be over already.
            let _ = callback::vizavi(&scene, &["cancel", &job]);
            measured.left += self.left(&scene).await?;
        }
        Ok(())
    }

    async fn call(self, scene: &mut Scene, employee: &Phone, others: Others<'_>) -> Result<Call> {
        if self.fault == Fault::Panic {
            return self.call_with_a_panic(scene, employee, others).await;
        }
        let caller = moment::bring(&scene.company, self.moment, employee).await?;
        let own = match self.moment {
            Moment::Entry | Moment::Talking => Duration::ZERO,
            Moment::Greeting
            | Moment::Menu
            | Moment::AfterKey
            | Moment::Ringing
            | Moment::PickingUp
            | Moment::Briefing
            | Moment::PatientRinging => lease_left(&scene.company.asterisk)
                .await?
                .saturating_sub(LEASE_MARGIN),
        };
        let broken = Instant::now();
        scene.breaks().await?;
        if let (Moment::Talking, Some(caller)) = (self.moment, &caller) {
            return talks_on(caller, employee, broken).await;
        }
        // An Asterisk that was started again is what is called, not what is waited for.
        let begun = if self.moment == Moment::Entry {
            Instant::now()
        } else {
            broken
        };
        let caller = match caller {
            Some(caller) => caller,
            None => scene.company.caller(CLIENT).await?,
        };
        let call = Waiting {
            cell: self,
            caller: &caller,
            employee,
            others,
            begun,
            own,
        };
        call.and_hang_up(scene).await
    }

    async fn call_with_a_panic(
        self,
        scene: &mut Scene,
        employee: &Phone,
        others: Others<'_>,
    ) -> Result<Call> {
        let begun = Instant::now();
        let caller = scene.company.caller(CLIENT).await?;
        if self.moment == Moment::Talking {
            caller.wait_for(Kind::Established, SOON).await?;
            tokio::time::sleep(PRESSES_AFTER).await;
            caller.press('1').await?;
            employee.wait_for(Kind::Established, SOON).await?;
            return talks_on(&caller, employee, Instant::now()).await;
        }
        let call = Waiting {
            cell: self,
            caller: &caller,
            employee,
            others,
            begun,
            own: Duration::ZERO,
        };
        call.and_hang_up(scene).await
    }

    /// How much is in Asterisk some seconds after everybody has hung up.
    async fn left(self, scene: &Scene) -> Result<usize> {
        let asked = Instant::now();
        loop {
            let asterisk = &scene.company.asterisk;
            let (channels, bridges) = (asterisk.channels()?, asterisk.bridges()?);
            let left = channels.len() + bridges.len();
            if left == 0 {
                return Ok(left);
            }
            if asked.elapsed() > SOON {
                let name = format!("{} × {}", self.fault.name(), self.moment.name());
                let text = format!("left: {channels:?} {bridges:?}\n{}", scene.logs());
                keep(&name, &text);
                return Ok(left);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
