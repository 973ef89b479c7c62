import { describe, expect, it } from "vitest";
import { createRandom, numberColumn, randomNormal } from "../../src/core/index.ts";
import { encodeExperiment } from "../../src/learning/index.ts";
import {
  createScorer,
  evaluateOffers,
  evaluationVerdict,
  type OfferModel,
  type TrainingExperiment,
  trainOffers,
  upliftWords,
} from "../../src/offers/index.ts";
import { batch, table } from "../offers/simulate.ts";

const options = { createdAt: new Date("2026-11-26T00:00:00Z"), seed: 1, learner: "s-logistic" } as const;

interface Customer {
  readonly arm: number;
  readonly outcome: number;
  readonly columns: Readonly<Record<string, number>>;
  readonly propensity?: number;
}

function experimentOf(
  customers: readonly Customer[],
  labels: readonly string[] = ["none", "offer"],
): TrainingExperiment {
  const names = Object.keys(customers[0]?.columns ?? {});
  return {
    rows: customers.length,
    arms: { labels, codes: Int32Array.from(customers, ({ arm }) => arm) },
    outcome: Float64Array.from(customers, ({ outcome }) => outcome),
    propensity:
      customers[0]?.propensity === undefined
        ? null
        : Float64Array.from(customers, ({ propensity = 1 }) => propensity),
    features: table(
      Object.fromEntries(
        names.map((name) => [name, numberColumn(customers.map(({ columns }) => columns[name]))]),
      ),
    ),
  };
}

function draw(rows: number, seed: number, of: (random: () => number) => Customer): Customer[] {
  const random = createRandom(seed);
  return Array.from({ length: rows }, () => of(random));
}

describe("customers who were drawn at random", () => {
  const columnsOf = (random: () => number, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, randomNormal(random)]));
  const sourceOf = (experiment: TrainingExperiment) => encodeExperiment(experiment).propensities.source;
  const labels = ["none", ...Array.from({ length: 12 }, (_, i) => `offer ${i}`)];

  it("are not said to be selected by the columns, however many arms and columns there are", () => {
    const customers = draw(3_000, 21, (random) => ({
      arm: Math.floor(13 * random()),
      outcome: random() < 0.2 ? 1 : 0,
      columns: columnsOf(random, 15),
    }));
    expect(sourceOf(experimentOf(customers, labels))).toBe("shares");
  });

  it("are not said to be either if each has many rows", () => {
    const customers = draw(200, 22, (random) => ({
      arm: random() < 0.5 ? 1 : 0,
      outcome: random() < 0.2 ? 1 : 0,
      columns: columnsOf(random, 20),
    }));
    const rows = customers.flatMap((customer) => Array.from({ length: 15 }, () => customer));
    const clusters = Int32Array.from(rows, (_, row) => Math.floor(row / 15));
    expect(sourceOf({ ...experimentOf(rows), clusters })).toBe("shares");
  });

  it("differ from customers who were selected: one of 12 offers went to those with a large value", () => {
    const customers = draw(3_000, 23, (random) => {
      const columns = columnsOf(random, 15);
      const isLarge = (columns.x3 as number) > 0.5;
      return {
        arm: isLarge && random() < 0.4 ? 5 : Math.floor(13 * random()),
        outcome: random() < 0.2 ? 1 : 0,
        columns,
      };
    });
    expect(sourceOf(experimentOf(customers, labels))).toBe("estimated");
  });
});

describe("several rows of one customer", () => {
  const customers = draw(250, 11, (random) => ({
    arm: random() < 0.5 ? 1 : 0,
    outcome: random() < 0.3 ? 1 : 0,
    columns: { x1: randomNormal(random), x2: randomNormal(random), tenure: Math.floor(90 * random()) },
  }));
  const rows = customers.flatMap((customer) => Array.from({ length: 8 }, () => customer));
  const clusters = Int32Array.from(rows, (_, row) => row >> 3);

  it("are no news: nothing is claimed that the customers alone do not show", async () => {
    const apart = await trainOffers({ experiment: experimentOf(rows) }, options);
    const together = await trainOffers({ experiment: { ...experimentOf(rows), clusters } }, options);
    const width = ({ model }: typeof apart) => {
      const { high, low } = model.metrics.uplift?.arms[0]?.averageUplift ?? { high: 0, low: 0 };
      return high - low;
    };
    expect(width(together) / width(apart)).toBeGreaterThan(2.5);
    expect(together.model.uplift?.heterogeneity.shown).toBe(false);
    const p = ({ model }: typeof apart) => model.uplift?.heterogeneity.tests?.[0]?.pValue ?? 1;
    expect(p(together)).toBeGreaterThan(p(apart));
  });
});

describe("a column recorded after the treatment", () => {
  it("is left out, and the effect is what it is without it", async () => {
    const customers = draw(6_000, 5, (random) => {
      const arm = random() < 0.5 ? 1 : 0;
      const bought = random() < 0.1 + 0.04 * arm ? 1 : 0;
      const columns = {
        x1: randomNormal(random),
        x2: randomNormal(random),
        visits_after: bought + 2 * arm * random(),
      };
      return { arm, outcome: bought, columns };
    });
    const { model } = await trainOffers({ experiment: experimentOf(customers) }, options);
    expect(model.uplift?.schema.features.map(({ name }) => name)).toEqual(["x1", "x2"]);
    expect(model.metrics.uplift?.arms[0]?.averageUplift.value).toBeCloseTo(0.04, 1);
    expect(model.metrics.uplift?.doubts).toEqual([]);
  });
});

describe("a log whose assignment followed the customers", () => {
  const targeted = draw(6_000, 7, (random) => {
    const [x, z] = [randomNormal(random), randomNormal(random)];
    const arm = random() < 1 / (1 + Math.exp(-3 * x)) ? 1 : 0;
    const base = 1 / (1 + Math.exp(2 - 1.2 * x - 0.3 * z));
    return { arm, outcome: random() < base + 0.02 * arm ? 1 : 0, columns: { x, z } };
  });

  it("gives no number: both figures stand side by side, and nobody is shown anything", async () => {
    const { model } = await trainOffers({ experiment: experimentOf(targeted) }, options);
    expect(model.metrics.uplift?.doubts).not.toEqual([]);
    expect(upliftWords(model)).toMatch(/^Cannot tell the effect of the offers/);
    expect(model.metrics.uplift?.choice.ground).toEqual({ kind: "untold" });
    expect(model.metrics.uplift?.arms[0]?.rawUplift?.value).toBeGreaterThan(0.1);
    const scores = createScorer(model).score(batch(experimentOf(targeted.slice(0, 50)).features));
    expect(new Set(scores.map(({ best }) => best))).toEqual(new Set(["none"]));
  });

  it("is refused with probabilities that are not of the arm shown: ERR_PROPENSITY_INVALID", async () => {
    const same = targeted.map((customer) => ({ ...customer, propensity: 0.8 }));
    await expect(trainOffers({ experiment: experimentOf(same) }, options)).rejects.toMatchObject({
      code: "ERR_PROPENSITY_INVALID",
    });
  });
});

describe("columns that differ between the arms", () => {
  /** Assigned by `chance` of x, the outcome follows x squared, the offer adds 2 points. */
  const assigned = (chance: (x: number) => number, propensity?: (own: number, arm: number) => number) =>
    draw(6_000, 17, (random) => {
      const [x, z] = [randomNormal(random), randomNormal(random)];
      const p = chance(x);
      const arm = random() < p ? 1 : 0;
      const outcome = random() < 1 / (1 + Math.exp(2 - 0.6 * x * x)) + 0.02 * arm ? 1 : 0;
      const own = propensity && { propensity: propensity(arm === 1 ? p : 1 - p, arm) };
      return { arm, outcome, columns: { x, z }, ...own };
    });
  const squared = (x: number) => 1 / (1 + Math.exp(1.2 - 1.2 * x * x));
  const doubtsOf = async (customers: readonly Customer[]) => {
    const { model } = await trainOffers({ experiment: experimentOf(customers) }, options);
    return { model, doubts: model.metrics.uplift?.doubts };
  };

  it("by their square, which no straight line shows, are a reason to give no number", async () => {
    const { model, doubts } = await doubtsOf(assigned(squared));
    expect(doubts).toEqual([{ kind: "unbalanced", arms: ["offer"], columns: ["x"] }]);
    expect(upliftWords(model)).toMatch(/x differs between the arms .* no customer gets an offer\.$/);
  });

  it("by their value alone, whatever they are called, are a reason to give no number", async () => {
    const targeted = (name: string) =>
      draw(6_000, 31, (random) => {
        const [x, z] = [randomNormal(random), randomNormal(random)];
        const arm = random() < 1 / (1 + Math.exp(-1.2 * x)) ? 1 : 0;
        const outcome = random() < 1 / (1 + Math.exp(2.2 - 0.9 * x)) + 0.02 * arm ? 1 : 0;
        return { arm, outcome, columns: { [name]: Math.exp(x), z } };
      });
    for (const name of ["spend", "visits", "age"]) {
      const { doubts, model } = await doubtsOf(targeted(name));
      expect(doubts).not.toEqual([]);
      expect(upliftWords(model)).toMatch(/^Cannot tell .* no customer gets an offer\.$/);
    }
  });

  it("without customers to compare are a reason to give no number: by a limit or by bands", async () => {
    const ruled = (rule: (age: number) => boolean) =>
      draw(6_000, 37, (random) => {
        const age = 18 + Math.floor(60 * random());
        const arm = rule(age) ? 1 : 0;
        return {
          arm,
          outcome: random() < 0.05 + 0.002 * age ? 1 : 0,
          columns: { age, z: randomNormal(random) },
        };
      });
    for (const rule of [(age: number) => age >= 48, (age: number) => Math.floor(age / 3) % 2 === 0]) {
      const { doubts, model } = await doubtsOf(ruled(rule));
      expect(doubts?.map(({ kind }) => kind)).toContain("no overlap");
      expect(upliftWords(model)).toMatch(/no customer gets an offer\.$/);
    }
  });

  it("refute one probability for everyone, and not the true ones", async () => {
    expect((await doubtsOf(assigned(squared, (_, arm) => (arm === 1 ? 0.45 : 0.55)))).doubts?.[0]?.kind).toBe(
      "unbalanced",
    );
    expect((await doubtsOf(assigned(squared, (own) => own))).doubts).toEqual([]);
  });

  it("were recorded after the treatment where the probabilities are known, whatever their name", async () => {
    const customers = draw(4_000, 23, (random) => {
      const arm = random() < 0.5 ? 1 : 0;
      const bought = random() < 0.1 + 0.04 * arm ? 1 : 0;
      return {
        arm,
        outcome: bought,
        columns: {
          x: randomNormal(random),
          pages: Math.floor(4 * random()) + arm + (bought === 1 || random() < 0.3 ? 2 : 0),
        },
        propensity: 0.5,
      };
    });
    expect((await doubtsOf(customers)).doubts).toEqual([
      { kind: "unbalanced", arms: ["offer"], columns: ["pages"] },
    ]);
  });

  it("make an evaluation give no verdict, also by a column that the model does not have", async () => {
    const { model: blind } = await trainOffers(
      {
        experiment: experimentOf(
          draw(3_000, 43, (random) => ({
            arm: random() < 0.5 ? 1 : 0,
            outcome: random() < 0.2 ? 1 : 0,
            columns: { z: randomNormal(random) },
          })),
        ),
      },
      options,
    );
    const selected = { ...experimentOf(assigned(squared)), propensity: null };
    expect(evaluationVerdict(evaluateOffers(blind, selected, { resamples: 50 })).headline).toBe(
      "This log cannot show what the offers do.",
    );
  });

  it("make an evaluation give no verdict", async () => {
    const { model } = await trainOffers({ experiment: experimentOf(assigned(() => 0.5)) }, options);
    const evaluation = evaluateOffers(
      model,
      { ...experimentOf(assigned(squared)), propensity: null },
      { resamples: 50 },
    );
    expect(evaluationVerdict(evaluation).headline).toBe("This log cannot show what the offers do.");
  });
});

describe("customers without an outcome", () => {
  const customers = draw(5_000, 41, (random) => ({
    arm: random() < 0.5 ? 1 : 0,
    outcome: random() < 0.1 ? 1 : 0,
    columns: { x: randomNormal(random) },
  }));
  /** Nobody of the control is missing; `rejected` of the offer's customers are. */
  const doubtsWith = async (rejected: number, ofControl = 0) => {
    const [none = 0, offer = 0] = [0, 1].map(
      (arm) => customers.filter((customer) => customer.arm === arm).length,
    );
    const received = [
      { arm: "none", rows: none + ofControl, rejected: ofControl },
      { arm: "offer", rows: offer + rejected, rejected },
    ];
    const { model } = await trainOffers({ experiment: { ...experimentOf(customers), received } }, options);
    return { model, kinds: model.metrics.uplift?.doubts?.map(({ kind }) => kind) };
  };

  it("are a reason to give no number if one arm misses more of them", async () => {
    const { model, kinds } = await doubtsWith(1_000);
    expect(kinds).toEqual(["incomplete"]);
    expect(upliftWords(model)).toMatch(
      /by arm \(none 0\.0 %, offer \d+\.\d %\).*Complete the log.*no customer gets an offer\.$/,
    );
    expect((await doubtsWith(0, 400)).kinds).toEqual(["incomplete"]);
  });

  it("are none if they are few, or as many of both arms", async () => {
    expect((await doubtsWith(3)).kinds).toEqual([]);
    expect((await doubtsWith(1_000, 1_020)).kinds).toEqual([]);
  });
});

describe("ten offers of no effect", () => {
  const labels = ["none", ...Array.from({ length: 10 }, (_, i) => `o${i}`)];
  const customers = draw(2_200, 248, (random) => ({
    arm: Math.floor(11 * random()),
    outcome: random() < 0.06 ? 1 : 0,
    columns: { x1: randomNormal(random), x2: randomNormal(random) },
  }));
  const experiment = experimentOf(customers, labels);
  const largest = (averages: readonly number[]) => Math.max(...averages);

  it("are promised a part of the largest difference", async () => {
    const { model } = await trainOffers({ experiment }, options);
    const raw = largest(model.metrics.uplift?.arms.map(({ averageUplift }) => averageUplift.value) ?? []);
    const promised = largest(model.uplift?.arms.map(({ average }) => average.value) ?? []);
    expect(raw).toBeGreaterThan(0.015);
    expect(promised).toBeLessThan(0.5 * raw);
  });

  it("are shown to nobody where they cost something, unless an analyst says so", async () => {
    const offers = labels.slice(1).map((id) => ({ id, product: id, margin: 100, cost: 0.1 }));
    const first = { ...batch(experiment.features) };
    const bests = async (policy: "auto" | "personal") => {
      const { model } = await trainOffers({ experiment, offers }, { ...options, policy });
      return {
        model,
        shown: createScorer(model)
          .score(first)
          .filter(({ best }) => best !== "none").length,
      };
    };
    const auto = await bests("auto");
    expect(auto.shown).toBe(0);
    expect(auto.model.uplift?.heterogeneity.single).toBe("none");
    const personal = await bests("personal");
    expect(personal.model.uplift?.heterogeneity).toMatchObject({ single: null, policy: "personal" });
    expect(upliftWords(personal.model)).toMatch(/because policy.offers is personal/);
  });

  it("are promised nothing beyond 0: the interval of the largest holds it", async () => {
    const { model } = await trainOffers({ experiment }, options);
    const arms = model.uplift?.arms ?? [];
    const measured = model.metrics.uplift?.arms ?? [];
    const top = measured.reduce((most, arm) =>
      arm.averageUplift.value > most.averageUplift.value ? arm : most,
    );
    const promised = arms.find(({ offerId }) => offerId === top.offerId)?.average;
    expect(promised?.low).toBeLessThan(0);
    expect(top.averageUplift.low).toBeLessThan(top.rawUplift?.low ?? -1);
    expect(promised?.high).toBeGreaterThan(top.rawUplift?.high ?? 1);
  });
});

describe("an offer that wins some customers and loses others", () => {
  const customers = draw(4_000, 31, (random) => {
    const x = randomNormal(random);
    const arm = random() < 0.5 ? 1 : 0;
    return {
      arm,
      outcome: random() < 0.2 + (arm === 1 ? 0.02 + 0.12 * Math.sign(x) : 0) ? 1 : 0,
      columns: { x },
    };
  });
  const experiment = experimentOf(customers);

  it("is chosen for single customers, or for everyone where the analyst says single, and at what price", async () => {
    const train = (policy: "auto" | "single") =>
      trainOffers({ experiment }, { ...options, learner: "s-logistic", policy });
    const shown = (model: OfferModel) =>
      new Set(
        createScorer(model)
          .score(batch(experiment.features))
          .map(({ best }) => best),
      );
    const [auto, single] = [(await train("auto")).model, (await train("single")).model];
    expect(auto.uplift?.heterogeneity).toMatchObject({ shown: true, single: null });
    expect(shown(auto).size).toBe(2);
    // What could be shown stays said; what is done is another thing.
    expect(single.uplift?.heterogeneity).toMatchObject({ shown: true, policy: "single" });
    expect(shown(single).size).toBe(1);
    expect(single.uplift?.arms.every(({ isPersonal }) => !isPersonal)).toBe(true);
    expect(upliftWords(single)).toMatch(
      /because policy.offers is single: the expected gain of choosing per customer is \d[\d.]* outcomes per 1,000/,
    );
  });
});
