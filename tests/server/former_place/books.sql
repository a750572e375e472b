PRAGMA application_id = 0;
PRAGMA user_version = 0;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'poincon','spine','2026-11-27 14:21:47.564616+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'poincon','desk','2026-11-27 14:21:47.571725+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'poincon','door_modes','2026-11-27 14:21:47.573068+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'poincon','ledger','2026-11-27 14:21:47.580765+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'poincon','rooms','2026-11-27 14:21:47.582801+00:00');
CREATE TABLE access_lists (
    unit TEXT PRIMARY KEY REFERENCES units (name),
    version INTEGER NOT NULL,
    digest TEXT NOT NULL,
    issued_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE badges (
    id INTEGER PRIMARY KEY,
    credential TEXT NOT NULL,
    member INTEGER NOT NULL REFERENCES members (id),
    assigned_at TEXT NOT NULL,
    last_day TEXT,
    ended_at TEXT,
    ended_as TEXT CHECK (ended_as IN ('revoked', 'lost', 'returned')),
    CHECK ((ended_at IS NULL) = (ended_as IS NULL))
) STRICT;
INSERT INTO "badges" VALUES(1,'ntag424:04C1A17E5B6180',1,'2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "badges" VALUES(2,'desfire:04613A92F25E80',2,'2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "badges" VALUES(3,'uid:04A2B3C4D5E680',3,'2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "badges" VALUES(4,'ntag424:04D2C8195B6180',4,'2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "badges" VALUES(5,'uid:04BE51C7D2E680',5,'2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "badges" VALUES(6,'uid:0477E31A9C5C80',6,'2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "badges" VALUES(7,'ntag424:0439F2605B6180',7,'2026-10-11T09:00:00.000Z',NULL,'2026-11-20T09:00:00.000Z','lost');
INSERT INTO "badges" VALUES(8,'uid:8D52F0A1',8,'2026-10-11T09:00:00.000Z','2026-11-19',NULL,NULL);
INSERT INTO "badges" VALUES(9,'uid:04DDEEFF001122',1,'2026-11-27T14:21:51.612Z',NULL,NULL,NULL);
CREATE TABLE changes (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    operator TEXT NOT NULL,
    what TEXT NOT NULL,
    member INTEGER REFERENCES members (id),
    subject TEXT NOT NULL,
    before TEXT,
    after TEXT,
    form TEXT UNIQUE
) STRICT;
CREATE TABLE checkpoints (
    member INTEGER NOT NULL REFERENCES members (id),
    day TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (member, day)
) STRICT, WITHOUT ROWID;
INSERT INTO "checkpoints" VALUES(1,'2026-11-25','["2026-11-25",{},{},[],0]');
INSERT INTO "checkpoints" VALUES(2,'2026-11-26','["2026-11-26",{"1":1},{"2":3},[],0]');
INSERT INTO "checkpoints" VALUES(3,'2026-11-26','["2026-11-26",{"2":8,"3":1},{},[],0]');
INSERT INTO "checkpoints" VALUES(4,'2026-11-26','["2026-11-26",{"4":7,"5":1},{},[],0]');
INSERT INTO "checkpoints" VALUES(5,'2026-11-25','["2026-11-25",{},{},[["2026-11-19",[[14400000,18000000,["morning","afternoon"],false,false],"owed",[],[],1500,[4,5],[0,0,0],null],0,null,null,null],["2026-11-23",[[12720000,240000,["morning"],false,false],"owed",[],[],900,[4,0],[0,0,0],null],0,null,null,null],["2026-11-24",[[12720000,240000,["morning"],false,false],"owed",[],[],900,[4,0],[0,0,0],null],0,null,null,null]],0]');
INSERT INTO "checkpoints" VALUES(6,'2026-11-19','["2026-11-19",{"6":1},{},[],0]');
INSERT INTO "checkpoints" VALUES(7,'2026-11-19','["2026-11-19",{"7":11,"8":1},{},[],0]');
INSERT INTO "checkpoints" VALUES(8,'2026-11-19','["2026-11-19",{"9":1},{},[],0]');
INSERT INTO "checkpoints" VALUES(9,'2026-11-19','["2026-11-19",{},{},[],0]');
INSERT INTO "checkpoints" VALUES(10,'2026-11-19','["2026-11-19",{"10":1},{},[],0]');
INSERT INTO "checkpoints" VALUES(11,'2026-11-19','["2026-11-19",{"11":11,"12":1},{},[],0]');
INSERT INTO "checkpoints" VALUES(12,'2026-11-19','["2026-11-19",{"13":1,"14":1,"15":1},{},[],0]');
INSERT INTO "checkpoints" VALUES(13,'2026-11-19','["2026-11-19",{"16":11,"17":1},{},[],0]');
INSERT INTO "checkpoints" VALUES(14,'2026-11-19','["2026-11-19",{"18":1},{},[],0]');
INSERT INTO "checkpoints" VALUES(15,'2026-11-19','["2026-11-19",{},{},[],0]');
INSERT INTO "checkpoints" VALUES(16,'2026-11-19','["2026-11-19",{},{},[],0]');
CREATE TABLE corrections (
    id INTEGER PRIMARY KEY,
    member INTEGER NOT NULL REFERENCES members (id),
    day TEXT NOT NULL,
    presence TEXT,
    charge TEXT,
    reason TEXT NOT NULL,
    operator TEXT NOT NULL,
    written_at TEXT NOT NULL
) STRICT;
INSERT INTO "corrections" VALUES(1,4,'2026-11-24','[["2026-11-24T08:00:00.000Z","2026-11-24T11:00:00.000Z"]]',NULL,'a oublié de badger','root','2026-11-27T14:22:02.568Z');
CREATE TABLE day_books (
    member INTEGER NOT NULL REFERENCES members (id),
    day TEXT NOT NULL,
    payer TEXT,
    half_days INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    books TEXT NOT NULL,
    PRIMARY KEY (member, day)
) STRICT, WITHOUT ROWID;
INSERT INTO "day_books" VALUES(1,'2026-11-23','resident',1,200,'[["2026-11-23",[[12000000,0,["morning"],false,false],"resident",[],[],0,[0,0],[0,0,0],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(1,'2026-11-24','resident',1,200,'[["2026-11-24",[[12000000,0,["morning"],false,false],"resident",[],[],0,[0,0],[0,0,0],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(1,'2026-11-26','resident',1,200,'[["2026-11-26",[[12000000,0,["morning"],false,false],"resident",[],[],0,[0,0],[0,0,0],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(2,'2026-11-23','nomade',1,204,'[["2026-11-23",[[12240000,0,["morning"],false,false],"nomade",[],[[2,1]],0,[0,0],[0,0,0],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(2,'2026-11-24','nomade',1,204,'[["2026-11-24",[[12240000,0,["morning"],false,false],"nomade",[],[[2,1]],0,[0,0],[0,0,0],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(2,'2026-11-26','nomade',1,204,'[["2026-11-26",[[12240000,0,["morning"],false,false],"nomade",[],[[2,1]],0,[0,0],[0,0,0],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(3,'2026-11-23','tickets',1,208,'[["2026-11-23",[[12480000,0,["morning"],false,false],"tickets",[[2,"half_day",1]],[],0,[4,0],[0,11,0],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(3,'2026-11-24','tickets',1,208,'[["2026-11-24",[[12480000,0,["morning"],false,false],"tickets",[[2,"half_day",1]],[],0,[4,0],[0,10,0],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(3,'2026-11-26','tickets',1,208,'[["2026-11-26",[[12480000,0,["morning"],false,false],"tickets",[[2,"half_day",1]],[],0,[4,0],[0,9,0],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(4,'2026-11-20','tickets',1,275,'[["2026-11-20",[[16500000,0,["morning"],true,false],"tickets",[[4,"day",1]],[],0,[5,0],[0,0,11],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(4,'2026-11-23','tickets',1,212,'[["2026-11-23",[[12720000,0,["morning"],false,false],"tickets",[[4,"day",1]],[],0,[4,0],[0,0,10],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(4,'2026-11-24','tickets',1,180,'[["2026-11-24",[[10800000,0,["morning"],false,false],"tickets",[[4,"day",1]],[],0,[3,0],[0,0,9],null],0,"presence",[[12720000,0,["morning"],false,false],"tickets",[[4,"day",1]],[],0,[4,0],[0,0,9],null],null],[]]');
INSERT INTO "day_books" VALUES(4,'2026-11-26','tickets',1,212,'[["2026-11-26",[[12720000,0,["morning"],false,false],"tickets",[[4,"day",1]],[],0,[4,0],[0,0,8],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(5,'2026-11-19','owed',2,540,'[["2026-11-19",[[14400000,18000000,["morning","afternoon"],false,false],"owed",[],[],1500,[4,5],[0,0,0],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(5,'2026-11-23','owed',1,216,'[["2026-11-23",[[12720000,240000,["morning"],false,false],"owed",[],[],900,[4,0],[0,0,0],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(5,'2026-11-24','owed',1,216,'[["2026-11-24",[[12720000,240000,["morning"],false,false],"owed",[],[],900,[4,0],[0,0,0],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(5,'2026-11-26','owed',1,216,'[["2026-11-26",[[12720000,240000,["morning"],false,false],"owed",[],[],900,[4,0],[0,0,0],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(9,'2026-11-20','resident',1,160,'[["2026-11-20",[[9600000,0,["morning"],false,true],"resident",[],[],0,[0,0],[0,0,0],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(10,'2026-11-20','nomade',1,140,'[["2026-11-20",[[8400000,0,["morning"],false,true],"nomade",[],[[5,1]],0,[0,0],[0,0,0],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(11,'2026-11-20','tickets',1,121,'[["2026-11-20",[[7260000,0,["morning"],false,true],"tickets",[[11,"day",1]],[],0,[3,0],[0,0,11],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(12,'2026-11-20','tickets',1,84,'[["2026-11-20",[[5040000,0,["morning"],false,true],"tickets",[[13,"hour",1],[14,"hour",1]],[],0,[2,0],[3,0,0],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(13,'2026-11-20','tickets',1,62,'[["2026-11-20",[[3720000,0,["morning"],false,true],"tickets",[[16,"half_day",1]],[],0,[2,0],[0,11,0],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(14,'2026-11-20','tickets',1,47,'[["2026-11-20",[[2820000,0,["morning"],false,true],"tickets",[[18,"half_day",1]],[],0,[1,0],[0,1,0],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(15,'2026-11-20','resident',1,33,'[["2026-11-20",[[1980000,0,["morning"],false,true],"resident",[],[],0,[0,0],[0,0,0],null],0,null,null,null],[]]');
INSERT INTO "day_books" VALUES(16,'2026-11-20','owed',1,21,'[["2026-11-20",[[1260000,0,["morning"],false,true],"owed",[],[],300,[1,0],[0,0,0],null],0,null,null,null],[]]');
CREATE TABLE desk_entries (
    id INTEGER PRIMARY KEY,
    member INTEGER NOT NULL REFERENCES members (id),
    day TEXT NOT NULL,
    at TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('entry', 'exit')),
    operator TEXT NOT NULL,
    written_at TEXT NOT NULL,
    lifted_at TEXT
) STRICT;
INSERT INTO "desk_entries" VALUES(1,4,'2026-11-20','2026-11-20T07:25:00.000Z','entry','camille','2026-11-20T09:00:00.000Z',NULL);
INSERT INTO "desk_entries" VALUES(2,9,'2026-11-20','2026-11-20T06:20:00.000Z','entry','camille','2026-11-20T09:00:00.000Z',NULL);
INSERT INTO "desk_entries" VALUES(3,10,'2026-11-20','2026-11-20T06:40:00.000Z','entry','camille','2026-11-20T09:00:00.000Z',NULL);
INSERT INTO "desk_entries" VALUES(4,11,'2026-11-20','2026-11-20T06:59:00.000Z','entry','camille','2026-11-20T09:00:00.000Z',NULL);
INSERT INTO "desk_entries" VALUES(5,12,'2026-11-20','2026-11-20T07:36:00.000Z','entry','camille','2026-11-20T09:00:00.000Z',NULL);
INSERT INTO "desk_entries" VALUES(6,13,'2026-11-20','2026-11-20T07:58:00.000Z','entry','camille','2026-11-20T09:00:00.000Z',NULL);
INSERT INTO "desk_entries" VALUES(7,14,'2026-11-20','2026-11-20T08:13:00.000Z','entry','camille','2026-11-20T09:00:00.000Z',NULL);
INSERT INTO "desk_entries" VALUES(8,15,'2026-11-20','2026-11-20T08:27:00.000Z','entry','camille','2026-11-20T09:00:00.000Z',NULL);
INSERT INTO "desk_entries" VALUES(9,16,'2026-11-20','2026-11-20T08:39:00.000Z','entry','camille','2026-11-20T09:00:00.000Z',NULL);
INSERT INTO "desk_entries" VALUES(10,5,'2026-11-19','2026-11-19T08:00:00.000Z','entry','camille','2026-11-20T09:00:00.000Z',NULL);
INSERT INTO "desk_entries" VALUES(11,5,'2026-11-19','2026-11-19T17:00:00.000Z','exit','camille','2026-11-20T09:00:00.000Z',NULL);
CREATE TABLE desk_rooms (
    id INTEGER PRIMARY KEY,
    room TEXT NOT NULL,
    at TEXT NOT NULL,
    use TEXT NOT NULL,
    people INTEGER NOT NULL,
    operator TEXT NOT NULL,
    written_at TEXT NOT NULL
) STRICT;
CREATE TABLE door_modes (
    unit TEXT PRIMARY KEY REFERENCES units (name),
    mode TEXT NOT NULL CHECK (mode IN ('normal', 'free', 'locked')),
    until TEXT,
    operator TEXT NOT NULL,
    set_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    head INTEGER NOT NULL REFERENCES heads (id),
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    day TEXT NOT NULL,
    received_at TEXT NOT NULL,
    kind TEXT NOT NULL,
    member INTEGER REFERENCES members (id),
    body TEXT NOT NULL,
    UNIQUE (head, seq)
) STRICT;
INSERT INTO "events" VALUES(1,1,1,'2026-11-23T08:00:00.000Z','2026-11-23','2026-11-23T12:04:00.000Z','passage',1,'{"kind":"passage","at":"2026-11-23T08:00:00.000Z","clock":"synced","credential":"ntag424:04C1A17E5B6180","side":"entry","by":"badge"}');
INSERT INTO "events" VALUES(2,1,2,'2026-11-23T08:07:00.000Z','2026-11-23','2026-11-23T12:04:00.000Z','passage',2,'{"kind":"passage","at":"2026-11-23T08:07:00.000Z","clock":"synced","credential":"desfire:04613A92F25E80","side":"entry","by":"badge"}');
INSERT INTO "events" VALUES(3,1,3,'2026-11-23T08:14:00.000Z','2026-11-23','2026-11-23T12:04:00.000Z','passage',3,'{"kind":"passage","at":"2026-11-23T08:14:00.000Z","clock":"synced","credential":"uid:04A2B3C4D5E680","side":"entry","by":"badge"}');
INSERT INTO "events" VALUES(4,1,4,'2026-11-23T08:21:00.000Z','2026-11-23','2026-11-23T12:04:00.000Z','passage',4,'{"kind":"passage","at":"2026-11-23T08:21:00.000Z","clock":"synced","credential":"ntag424:04D2C8195B6180","side":"entry","by":"badge"}');
INSERT INTO "events" VALUES(5,1,5,'2026-11-23T08:28:00.000Z','2026-11-23','2026-11-23T12:04:00.000Z','passage',5,'{"kind":"passage","at":"2026-11-23T08:28:00.000Z","clock":"synced","credential":"uid:04BE51C7D2E680","side":"entry","by":"badge"}');
INSERT INTO "events" VALUES(6,1,6,'2026-11-23T11:20:00.000Z','2026-11-23','2026-11-23T12:04:00.000Z','passage',1,'{"kind":"passage","at":"2026-11-23T11:20:00.000Z","clock":"synced","credential":"ntag424:04C1A17E5B6180","side":"exit","by":"badge"}');
INSERT INTO "events" VALUES(7,1,7,'2026-11-23T11:31:00.000Z','2026-11-23','2026-11-23T12:04:00.000Z','passage',2,'{"kind":"passage","at":"2026-11-23T11:31:00.000Z","clock":"synced","credential":"desfire:04613A92F25E80","side":"exit","by":"badge"}');
INSERT INTO "events" VALUES(8,1,8,'2026-11-23T11:42:00.000Z','2026-11-23','2026-11-23T12:04:00.000Z','passage',3,'{"kind":"passage","at":"2026-11-23T11:42:00.000Z","clock":"synced","credential":"uid:04A2B3C4D5E680","side":"exit","by":"badge"}');
INSERT INTO "events" VALUES(9,1,9,'2026-11-23T11:53:00.000Z','2026-11-23','2026-11-23T12:04:00.000Z','passage',4,'{"kind":"passage","at":"2026-11-23T11:53:00.000Z","clock":"synced","credential":"ntag424:04D2C8195B6180","side":"exit","by":"badge"}');
INSERT INTO "events" VALUES(10,1,10,'2026-11-23T12:04:00.000Z','2026-11-23','2026-11-23T12:04:00.000Z','passage',5,'{"kind":"passage","at":"2026-11-23T12:04:00.000Z","clock":"synced","credential":"uid:04BE51C7D2E680","side":"exit","by":"badge"}');
INSERT INTO "events" VALUES(11,1,11,'2026-11-24T08:00:00.000Z','2026-11-24','2026-11-24T12:04:00.000Z','passage',1,'{"kind":"passage","at":"2026-11-24T08:00:00.000Z","clock":"synced","credential":"ntag424:04C1A17E5B6180","side":"entry","by":"badge"}');
INSERT INTO "events" VALUES(12,1,12,'2026-11-24T08:07:00.000Z','2026-11-24','2026-11-24T12:04:00.000Z','passage',2,'{"kind":"passage","at":"2026-11-24T08:07:00.000Z","clock":"synced","credential":"desfire:04613A92F25E80","side":"entry","by":"badge"}');
INSERT INTO "events" VALUES(13,1,13,'2026-11-24T08:14:00.000Z','2026-11-24','2026-11-24T12:04:00.000Z','passage',3,'{"kind":"passage","at":"2026-11-24T08:14:00.000Z","clock":"synced","credential":"uid:04A2B3C4D5E680","side":"entry","by":"badge"}');
INSERT INTO "events" VALUES(14,1,14,'2026-11-24T08:21:00.000Z','2026-11-24','2026-11-24T12:04:00.000Z','passage',4,'{"kind":"passage","at":"2026-11-24T08:21:00.000Z","clock":"synced","credential":"ntag424:04D2C8195B6180","side":"entry","by":"badge"}');
INSERT INTO "events" VALUES(15,1,15,'2026-11-24T08:28:00.000Z','2026-11-24','2026-11-24T12:04:00.000Z','passage',5,'{"kind":"passage","at":"2026-11-24T08:28:00.000Z","clock":"synced","credential":"uid:04BE51C7D2E680","side":"entry","by":"badge"}');
INSERT INTO "events" VALUES(16,1,16,'2026-11-24T11:20:00.000Z','2026-11-24','2026-11-24T12:04:00.000Z','passage',1,'{"kind":"passage","at":"2026-11-24T11:20:00.000Z","clock":"synced","credential":"ntag424:04C1A17E5B6180","side":"exit","by":"badge"}');
INSERT INTO "events" VALUES(17,1,17,'2026-11-24T11:31:00.000Z','2026-11-24','2026-11-24T12:04:00.000Z','passage',2,'{"kind":"passage","at":"2026-11-24T11:31:00.000Z","clock":"synced","credential":"desfire:04613A92F25E80","side":"exit","by":"badge"}');
INSERT INTO "events" VALUES(18,1,18,'2026-11-24T11:42:00.000Z','2026-11-24','2026-11-24T12:04:00.000Z','passage',3,'{"kind":"passage","at":"2026-11-24T11:42:00.000Z","clock":"synced","credential":"uid:04A2B3C4D5E680","side":"exit","by":"badge"}');
INSERT INTO "events" VALUES(19,1,19,'2026-11-24T11:53:00.000Z','2026-11-24','2026-11-24T12:04:00.000Z','passage',4,'{"kind":"passage","at":"2026-11-24T11:53:00.000Z","clock":"synced","credential":"ntag424:04D2C8195B6180","side":"exit","by":"badge"}');
INSERT INTO "events" VALUES(20,1,20,'2026-11-24T12:04:00.000Z','2026-11-24','2026-11-24T12:04:00.000Z','passage',5,'{"kind":"passage","at":"2026-11-24T12:04:00.000Z","clock":"synced","credential":"uid:04BE51C7D2E680","side":"exit","by":"badge"}');
INSERT INTO "events" VALUES(21,1,21,'2026-11-26T08:00:00.000Z','2026-11-26','2026-11-26T12:04:00.000Z','passage',1,'{"kind":"passage","at":"2026-11-26T08:00:00.000Z","clock":"synced","credential":"ntag424:04C1A17E5B6180","side":"entry","by":"badge"}');
INSERT INTO "events" VALUES(22,1,22,'2026-11-26T08:07:00.000Z','2026-11-26','2026-11-26T12:04:00.000Z','passage',2,'{"kind":"passage","at":"2026-11-26T08:07:00.000Z","clock":"synced","credential":"desfire:04613A92F25E80","side":"entry","by":"badge"}');
INSERT INTO "events" VALUES(23,1,23,'2026-11-26T08:14:00.000Z','2026-11-26','2026-11-26T12:04:00.000Z','passage',3,'{"kind":"passage","at":"2026-11-26T08:14:00.000Z","clock":"synced","credential":"uid:04A2B3C4D5E680","side":"entry","by":"badge"}');
INSERT INTO "events" VALUES(24,1,24,'2026-11-26T08:21:00.000Z','2026-11-26','2026-11-26T12:04:00.000Z','passage',4,'{"kind":"passage","at":"2026-11-26T08:21:00.000Z","clock":"synced","credential":"ntag424:04D2C8195B6180","side":"entry","by":"badge"}');
INSERT INTO "events" VALUES(25,1,25,'2026-11-26T08:28:00.000Z','2026-11-26','2026-11-26T12:04:00.000Z','passage',5,'{"kind":"passage","at":"2026-11-26T08:28:00.000Z","clock":"synced","credential":"uid:04BE51C7D2E680","side":"entry","by":"badge"}');
INSERT INTO "events" VALUES(26,1,26,'2026-11-26T11:20:00.000Z','2026-11-26','2026-11-26T12:04:00.000Z','passage',1,'{"kind":"passage","at":"2026-11-26T11:20:00.000Z","clock":"synced","credential":"ntag424:04C1A17E5B6180","side":"exit","by":"badge"}');
INSERT INTO "events" VALUES(27,1,27,'2026-11-26T11:31:00.000Z','2026-11-26','2026-11-26T12:04:00.000Z','passage',2,'{"kind":"passage","at":"2026-11-26T11:31:00.000Z","clock":"synced","credential":"desfire:04613A92F25E80","side":"exit","by":"badge"}');
INSERT INTO "events" VALUES(28,1,28,'2026-11-26T11:42:00.000Z','2026-11-26','2026-11-26T12:04:00.000Z','passage',3,'{"kind":"passage","at":"2026-11-26T11:42:00.000Z","clock":"synced","credential":"uid:04A2B3C4D5E680","side":"exit","by":"badge"}');
INSERT INTO "events" VALUES(29,1,29,'2026-11-26T11:53:00.000Z','2026-11-26','2026-11-26T12:04:00.000Z','passage',4,'{"kind":"passage","at":"2026-11-26T11:53:00.000Z","clock":"synced","credential":"ntag424:04D2C8195B6180","side":"exit","by":"badge"}');
INSERT INTO "events" VALUES(30,1,30,'2026-11-26T12:04:00.000Z','2026-11-26','2026-11-26T12:04:00.000Z','passage',5,'{"kind":"passage","at":"2026-11-26T12:04:00.000Z","clock":"synced","credential":"uid:04BE51C7D2E680","side":"exit","by":"badge"}');
CREATE TABLE expired_lots (
    lot INTEGER PRIMARY KEY REFERENCES lots (id),
    member INTEGER NOT NULL REFERENCES members (id),
    number INTEGER NOT NULL CHECK (number > 0)
) STRICT;
CREATE TABLE faults (
    id INTEGER PRIMARY KEY,
    received_at TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('malformed', 'stranger', 'early', 'old', 'failed')),
    topic TEXT NOT NULL,
    unit TEXT,
    epoch TEXT,
    seq INTEGER,
    fault TEXT NOT NULL,
    payload BLOB NOT NULL
) STRICT;
CREATE TABLE gifts (
    id INTEGER PRIMARY KEY,
    written_at TEXT NOT NULL,
    operator TEXT NOT NULL,
    member INTEGER NOT NULL REFERENCES members (id),
    kind TEXT NOT NULL CHECK (kind IN ('hour', 'half_day', 'day', 'golden')),
    size INTEGER NOT NULL,
    first_day TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    cancels INTEGER REFERENCES gifts (id)
) STRICT;
INSERT INTO "gifts" VALUES(1,'2026-11-27T14:21:59.924Z','root',2,'half_day',2,'2026-11-27','accueil',NULL);
CREATE TABLE guests (
    id INTEGER PRIMARY KEY,
    name TEXT,
    member INTEGER REFERENCES members (id),
    golden INTEGER NOT NULL CHECK (golden IN (0, 1)),
    day TEXT NOT NULL,
    arrived_at TEXT NOT NULL,
    left_at TEXT,
    automatic INTEGER NOT NULL DEFAULT 0 CHECK (automatic IN (0, 1))
, invited INTEGER REFERENCES members (id)) STRICT;
INSERT INTO "guests" VALUES(1,'Marie-Lou Pichon',10,0,'2026-11-20','2026-11-20T09:00:00.000Z',NULL,0,NULL);
CREATE TABLE heads (
    id INTEGER PRIMARY KEY,
    unit TEXT NOT NULL REFERENCES units (name),
    epoch TEXT NOT NULL,
    through INTEGER NOT NULL,
    heard_at TEXT NOT NULL,
    passed_at TEXT,
    UNIQUE (unit, epoch)
) STRICT;
INSERT INTO "heads" VALUES(1,'porte-avant','00c0ffee',30,'2026-11-26T12:04:00.000Z','2026-11-26T12:04:00.000Z');
CREATE TABLE held_passes (
    id INTEGER PRIMARY KEY,
    sale INTEGER NOT NULL REFERENCES sales (number),
    member INTEGER NOT NULL REFERENCES members (id),
    cover TEXT NOT NULL CHECK (cover IN ('resident', 'nomade')),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    allowance INTEGER NOT NULL CHECK (allowance >= 0)
) STRICT;
INSERT INTO "held_passes" VALUES(1,1,1,'resident','2026-11-08','2026-12-07',0);
INSERT INTO "held_passes" VALUES(2,2,2,'nomade','2026-11-08','2026-12-07',30);
INSERT INTO "held_passes" VALUES(3,5,6,'nomade','2026-11-08','2026-12-07',30);
INSERT INTO "held_passes" VALUES(4,8,9,'resident','2026-11-08','2026-12-07',0);
INSERT INTO "held_passes" VALUES(5,9,10,'nomade','2026-11-08','2026-12-07',30);
INSERT INTO "held_passes" VALUES(6,16,15,'resident','2026-11-08','2026-12-07',0);
INSERT INTO "held_passes" VALUES(7,18,3,'nomade','2026-11-27','2026-12-26',30);
CREATE TABLE ledger (
    id INTEGER PRIMARY KEY,
    member INTEGER NOT NULL REFERENCES members (id),
    day TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('sale', 'debit', 'reversal', 'gift', 'correction', 'expiry', 'payment')),
    what TEXT NOT NULL CHECK (what IN ('hour', 'half_day', 'day', 'golden', 'nomade', 'resident', 'cents')),
    lot INTEGER REFERENCES lots (id),
    held_pass INTEGER REFERENCES held_passes (id),
    amount INTEGER NOT NULL CHECK (amount <> 0),
    cause TEXT NOT NULL CHECK (cause <> ''),
    operator TEXT,
    written_at TEXT NOT NULL
) STRICT;
INSERT INTO "ledger" VALUES(1,4,'2026-11-20','debit','cents',NULL,NULL,-600,'desk entry 1','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(2,9,'2026-11-20','debit','cents',NULL,NULL,-900,'desk entry 2','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(3,10,'2026-11-20','debit','cents',NULL,NULL,-900,'desk entry 3','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(4,11,'2026-11-20','debit','cents',NULL,NULL,-900,'desk entry 4','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(5,12,'2026-11-20','debit','cents',NULL,NULL,-600,'desk entry 5','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(6,13,'2026-11-20','debit','cents',NULL,NULL,-600,'desk entry 6','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(7,14,'2026-11-20','debit','cents',NULL,NULL,-300,'desk entry 7','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(8,15,'2026-11-20','debit','cents',NULL,NULL,-300,'desk entry 8','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(9,16,'2026-11-20','debit','cents',NULL,NULL,-300,'desk entry 9','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(10,1,'2026-11-08','sale','resident',NULL,1,1,'sale 1','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(11,2,'2026-11-08','sale','golden',1,NULL,1,'sale 2','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(12,2,'2026-11-08','sale','nomade',NULL,2,30,'sale 2','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(13,3,'2026-11-08','sale','half_day',2,NULL,11,'sale 3','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(14,3,'2026-11-08','sale','golden',3,NULL,1,'sale 3','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(15,4,'2026-11-08','sale','day',4,NULL,11,'sale 4','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(16,4,'2026-11-08','sale','golden',5,NULL,1,'sale 4','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(17,4,'2026-11-20','reversal','cents',NULL,NULL,600,'sale 4','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(18,4,'2026-11-20','debit','day',4,NULL,-1,'sale 4','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(19,6,'2026-11-08','sale','golden',6,NULL,1,'sale 5','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(20,6,'2026-11-08','sale','nomade',NULL,3,30,'sale 5','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(21,7,'2026-11-08','sale','half_day',7,NULL,11,'sale 6','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(22,7,'2026-11-08','sale','golden',8,NULL,1,'sale 6','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(23,8,'2026-11-08','sale','half_day',9,NULL,1,'sale 7','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(24,9,'2026-11-08','sale','resident',NULL,4,1,'sale 8','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(25,9,'2026-11-20','reversal','cents',NULL,NULL,900,'sale 8','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(26,10,'2026-11-08','sale','golden',10,NULL,1,'sale 9','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(27,10,'2026-11-08','sale','nomade',NULL,5,30,'sale 9','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(28,10,'2026-11-20','reversal','cents',NULL,NULL,900,'sale 9','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(29,10,'2026-11-20','debit','nomade',NULL,5,-1,'sale 9','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(30,11,'2026-11-08','sale','day',11,NULL,11,'sale 10','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(31,11,'2026-11-08','sale','golden',12,NULL,1,'sale 10','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(32,11,'2026-11-20','reversal','cents',NULL,NULL,900,'sale 10','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(33,11,'2026-11-20','debit','day',11,NULL,-1,'sale 10','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(34,12,'2026-11-08','sale','hour',13,NULL,1,'sale 11','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(35,12,'2026-11-20','reversal','cents',NULL,NULL,300,'sale 11','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(36,12,'2026-11-20','debit','hour',13,NULL,-1,'sale 11','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(37,12,'2026-11-08','sale','hour',14,NULL,1,'sale 12','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(38,12,'2026-11-20','reversal','cents',NULL,NULL,300,'sale 12','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(39,12,'2026-11-20','debit','hour',14,NULL,-1,'sale 12','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(40,12,'2026-11-08','sale','hour',15,NULL,1,'sale 13','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(41,13,'2026-11-08','sale','half_day',16,NULL,11,'sale 14','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(42,13,'2026-11-08','sale','golden',17,NULL,1,'sale 14','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(43,13,'2026-11-20','reversal','cents',NULL,NULL,600,'sale 14','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(44,13,'2026-11-20','debit','half_day',16,NULL,-1,'sale 14','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(45,14,'2026-11-08','sale','half_day',18,NULL,1,'sale 15','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(46,14,'2026-11-20','reversal','cents',NULL,NULL,300,'sale 15','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(47,14,'2026-11-20','debit','half_day',18,NULL,-1,'sale 15','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(48,15,'2026-11-08','sale','resident',NULL,6,1,'sale 16','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(49,15,'2026-11-20','reversal','cents',NULL,NULL,300,'sale 16','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(50,5,'2026-11-19','debit','cents',NULL,NULL,-900,'desk entry 10','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(51,5,'2026-11-19','debit','cents',NULL,NULL,-600,'desk entry 11','camille','2026-11-20T09:00:00.000Z');
INSERT INTO "ledger" VALUES(52,2,'2026-11-23','debit','nomade',NULL,2,-1,'event porte-avant/00c0ffee/2,7',NULL,'2026-11-23T12:04:00.000Z');
INSERT INTO "ledger" VALUES(53,3,'2026-11-23','debit','half_day',2,NULL,-1,'event porte-avant/00c0ffee/3,8',NULL,'2026-11-23T12:04:00.000Z');
INSERT INTO "ledger" VALUES(54,4,'2026-11-23','debit','day',4,NULL,-1,'event porte-avant/00c0ffee/4,9',NULL,'2026-11-23T12:04:00.000Z');
INSERT INTO "ledger" VALUES(55,5,'2026-11-23','debit','cents',NULL,NULL,-900,'event porte-avant/00c0ffee/5,10',NULL,'2026-11-23T12:04:00.000Z');
INSERT INTO "ledger" VALUES(56,2,'2026-11-24','debit','nomade',NULL,2,-1,'event porte-avant/00c0ffee/12,17',NULL,'2026-11-24T12:04:00.000Z');
INSERT INTO "ledger" VALUES(57,3,'2026-11-24','debit','half_day',2,NULL,-1,'event porte-avant/00c0ffee/13,18',NULL,'2026-11-24T12:04:00.000Z');
INSERT INTO "ledger" VALUES(58,4,'2026-11-24','debit','day',4,NULL,-1,'event porte-avant/00c0ffee/14,19',NULL,'2026-11-24T12:04:00.000Z');
INSERT INTO "ledger" VALUES(59,5,'2026-11-24','debit','cents',NULL,NULL,-900,'event porte-avant/00c0ffee/15,20',NULL,'2026-11-24T12:04:00.000Z');
INSERT INTO "ledger" VALUES(60,2,'2026-11-26','debit','nomade',NULL,2,-1,'event porte-avant/00c0ffee/22,27',NULL,'2026-11-26T12:04:00.000Z');
INSERT INTO "ledger" VALUES(61,3,'2026-11-26','debit','half_day',2,NULL,-1,'event porte-avant/00c0ffee/23,28',NULL,'2026-11-26T12:04:00.000Z');
INSERT INTO "ledger" VALUES(62,4,'2026-11-26','debit','day',4,NULL,-1,'event porte-avant/00c0ffee/24,29',NULL,'2026-11-26T12:04:00.000Z');
INSERT INTO "ledger" VALUES(63,5,'2026-11-26','debit','cents',NULL,NULL,-900,'event porte-avant/00c0ffee/25,30',NULL,'2026-11-26T12:04:00.000Z');
INSERT INTO "ledger" VALUES(64,2,'2026-11-27','sale','day',19,NULL,11,'sale 17','root','2026-11-27T14:21:52.702Z');
INSERT INTO "ledger" VALUES(65,2,'2026-11-27','sale','golden',20,NULL,1,'sale 17','root','2026-11-27T14:21:52.702Z');
INSERT INTO "ledger" VALUES(66,3,'2026-11-27','sale','golden',21,NULL,1,'sale 18','root','2026-11-27T14:21:53.918Z');
INSERT INTO "ledger" VALUES(67,3,'2026-11-27','sale','nomade',NULL,7,30,'sale 18','root','2026-11-27T14:21:53.918Z');
INSERT INTO "ledger" VALUES(68,2,'2026-11-27','gift','half_day',22,NULL,2,'gift 1','root','2026-11-27T14:21:59.924Z');
INSERT INTO "ledger" VALUES(69,2,'2026-11-27','reversal','day',19,NULL,-11,'sale 19','root','2026-11-27T14:22:01.312Z');
INSERT INTO "ledger" VALUES(70,2,'2026-11-27','reversal','golden',20,NULL,-1,'sale 19','root','2026-11-27T14:22:01.312Z');
CREATE TABLE looked_at (
    matter TEXT PRIMARY KEY,
    operator TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE lots (
    id INTEGER PRIMARY KEY,
    sale INTEGER REFERENCES sales (number),
    gift INTEGER REFERENCES gifts (id),
    member INTEGER NOT NULL REFERENCES members (id),
    kind TEXT NOT NULL CHECK (kind IN ('hour', 'half_day', 'day', 'golden')),
    size INTEGER NOT NULL CHECK (size > 0),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    CHECK ((sale IS NULL) <> (gift IS NULL))
) STRICT;
INSERT INTO "lots" VALUES(1,2,NULL,2,'golden',1,'2026-11-08','2027-11-07');
INSERT INTO "lots" VALUES(2,3,NULL,3,'half_day',11,'2026-11-08','2027-11-07');
INSERT INTO "lots" VALUES(3,3,NULL,3,'golden',1,'2026-11-08','2027-11-07');
INSERT INTO "lots" VALUES(4,4,NULL,4,'day',11,'2026-11-08','2027-11-07');
INSERT INTO "lots" VALUES(5,4,NULL,4,'golden',1,'2026-11-08','2027-11-07');
INSERT INTO "lots" VALUES(6,5,NULL,6,'golden',1,'2026-11-08','2027-11-07');
INSERT INTO "lots" VALUES(7,6,NULL,7,'half_day',11,'2026-11-08','2027-11-07');
INSERT INTO "lots" VALUES(8,6,NULL,7,'golden',1,'2026-11-08','2027-11-07');
INSERT INTO "lots" VALUES(9,7,NULL,8,'half_day',1,'2026-11-08','2027-11-07');
INSERT INTO "lots" VALUES(10,9,NULL,10,'golden',1,'2026-11-08','2027-11-07');
INSERT INTO "lots" VALUES(11,10,NULL,11,'day',11,'2026-11-08','2027-11-07');
INSERT INTO "lots" VALUES(12,10,NULL,11,'golden',1,'2026-11-08','2027-11-07');
INSERT INTO "lots" VALUES(13,11,NULL,12,'hour',1,'2026-11-08','2027-11-07');
INSERT INTO "lots" VALUES(14,12,NULL,12,'hour',1,'2026-11-08','2027-11-07');
INSERT INTO "lots" VALUES(15,13,NULL,12,'hour',1,'2026-11-08','2027-11-07');
INSERT INTO "lots" VALUES(16,14,NULL,13,'half_day',11,'2026-11-08','2027-11-07');
INSERT INTO "lots" VALUES(17,14,NULL,13,'golden',1,'2026-11-08','2027-11-07');
INSERT INTO "lots" VALUES(18,15,NULL,14,'half_day',1,'2026-11-08','2027-11-07');
INSERT INTO "lots" VALUES(19,17,NULL,2,'day',11,'2026-11-27','2027-11-26');
INSERT INTO "lots" VALUES(20,17,NULL,2,'golden',1,'2026-11-27','2027-11-26');
INSERT INTO "lots" VALUES(21,18,NULL,3,'golden',1,'2026-11-27','2027-11-26');
INSERT INTO "lots" VALUES(22,NULL,1,2,'half_day',2,'2026-11-27','2027-11-26');
CREATE TABLE members (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    email TEXT,
    role TEXT NOT NULL CHECK (role IN ('member', 'concierge')),
    notes TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    suspended_at TEXT,
    suspended_for TEXT,
    forgotten_at TEXT
) STRICT;
INSERT INTO "members" VALUES(1,'Claire Fontaine',NULL,'concierge','','2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "members" VALUES(2,'Léo Marchand',NULL,'member','','2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "members" VALUES(3,'Inès Benali',NULL,'member','','2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "members" VALUES(4,'Hugo Lefèvre',NULL,'member','','2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "members" VALUES(5,'Solène Rey',NULL,'member','','2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "members" VALUES(6,'Basile Roche',NULL,'member','','2026-10-11T09:00:00.000Z','2026-11-20T09:00:00.000Z','matériel emprunté et non rendu',NULL);
INSERT INTO "members" VALUES(7,'Odile Perrin',NULL,'member','','2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "members" VALUES(8,'Maï Nguyen',NULL,'member','','2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "members" VALUES(9,'Yannick Le Goff',NULL,'concierge','','2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "members" VALUES(10,'Noémie Girard',NULL,'member','','2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "members" VALUES(11,'Tomasz Kowalski',NULL,'member','','2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "members" VALUES(12,'Awa Diallo',NULL,'member','','2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "members" VALUES(13,'Élise Chazelle',NULL,'member','','2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "members" VALUES(14,'Rachid Amrani',NULL,'member','','2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "members" VALUES(15,'Jeanne d''Ornano',NULL,'member','','2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "members" VALUES(16,'Gaëtan Faure',NULL,'member','','2026-10-11T09:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "members" VALUES(17,'Zoé Lê','zoe@example.org','member','','2026-11-27T14:21:50.672Z',NULL,NULL,NULL);
CREATE TABLE muster_people (
    muster INTEGER NOT NULL REFERENCES musters (id),
    person TEXT NOT NULL,
    safe_at TEXT,
    operator TEXT,
    PRIMARY KEY (muster, person)
) STRICT, WITHOUT ROWID;
CREATE TABLE musters (
    id INTEGER PRIMARY KEY,
    drill INTEGER NOT NULL CHECK (drill IN (0, 1)),
    operator TEXT NOT NULL,
    began_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;
CREATE TABLE operators (
    name TEXT PRIMARY KEY,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('concierge', 'admin')),
    must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
    created_at TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    failed_at TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO "operators" VALUES('Paul','$argon2id$v=19$m=65536,t=3,p=4$7hZ52U8OHLJDE6rhdoo1og$O9j8tsGdEL+GLY0yqTIIpbgyFdUrP8XRnPct7er8D6g','concierge',1,'2026-11-27T14:22:06.012Z',0,NULL);
INSERT INTO "operators" VALUES('camille','$argon2id$v=19$m=65536,t=3,p=4$Ud2QO5HiBfkXS0NqRo7DVA$HDhTOxmDaH2z86Z0Ismmjg9CBwG2HTufHe9p0MHQbTo','admin',0,'2026-11-20T09:00:00.000Z',0,NULL);
CREATE TABLE prolongations (
    id INTEGER PRIMARY KEY,
    lot INTEGER NOT NULL REFERENCES lots (id),
    given_on TEXT NOT NULL,
    last_day TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    operator TEXT NOT NULL,
    written_at TEXT NOT NULL
) STRICT;
CREATE TABLE remarks (
    member INTEGER NOT NULL REFERENCES members (id),
    day TEXT NOT NULL,
    nth INTEGER NOT NULL,
    at TEXT NOT NULL,
    remark TEXT NOT NULL CHECK (remark IN ('entry_while_present', 'exit_while_absent')),
    PRIMARY KEY (member, day, nth)
) STRICT, WITHOUT ROWID;
CREATE TABLE sales (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    written_at TEXT NOT NULL,
    day TEXT NOT NULL,
    operator TEXT NOT NULL,
    member INTEGER NOT NULL REFERENCES members (id),
    what TEXT NOT NULL CHECK (what IN ('pass', 'debt')),
    pass TEXT,
    title TEXT NOT NULL,
    first_day TEXT NOT NULL,
    price_cents INTEGER NOT NULL,
    vat_bp INTEGER NOT NULL CHECK (vat_bp >= 0),
    paid_by TEXT NOT NULL CHECK (paid_by IN ('cash', 'card', 'transfer', 'other')),
    reduced INTEGER NOT NULL CHECK (reduced IN (0, 1)),
    reason TEXT NOT NULL,
    cancels INTEGER REFERENCES sales (number),
    CHECK ((what = 'pass') = (pass IS NOT NULL))
) STRICT;
INSERT INTO "sales" VALUES(1,'2026-11-20T09:00:00.000Z','2026-11-20','camille',1,'pass','resident','Résident','2026-11-08',28000,2000,'card',0,'',NULL);
INSERT INTO "sales" VALUES(2,'2026-11-20T09:00:00.000Z','2026-11-20','camille',2,'pass','nomade','Nomade','2026-11-08',15000,2000,'card',0,'',NULL);
INSERT INTO "sales" VALUES(3,'2026-11-20T09:00:00.000Z','2026-11-20','camille',3,'pass','carnet-half-day','Voyageur, carnet de demi-journées','2026-11-08',9000,2000,'card',0,'',NULL);
INSERT INTO "sales" VALUES(4,'2026-11-20T09:00:00.000Z','2026-11-20','camille',4,'pass','carnet-day','Voyageur, carnet de journées','2026-11-08',15000,2000,'card',0,'',NULL);
INSERT INTO "sales" VALUES(5,'2026-11-20T09:00:00.000Z','2026-11-20','camille',6,'pass','nomade','Nomade','2026-11-08',15000,2000,'card',0,'',NULL);
INSERT INTO "sales" VALUES(6,'2026-11-20T09:00:00.000Z','2026-11-20','camille',7,'pass','carnet-half-day','Voyageur, carnet de demi-journées','2026-11-08',9000,2000,'card',0,'',NULL);
INSERT INTO "sales" VALUES(7,'2026-11-20T09:00:00.000Z','2026-11-20','camille',8,'pass','ticket-half-day','Campeur, une demi-journée','2026-11-08',900,2000,'card',0,'',NULL);
INSERT INTO "sales" VALUES(8,'2026-11-20T09:00:00.000Z','2026-11-20','camille',9,'pass','resident','Résident','2026-11-08',28000,2000,'card',0,'',NULL);
INSERT INTO "sales" VALUES(9,'2026-11-20T09:00:00.000Z','2026-11-20','camille',10,'pass','nomade','Nomade','2026-11-08',15000,2000,'card',0,'',NULL);
INSERT INTO "sales" VALUES(10,'2026-11-20T09:00:00.000Z','2026-11-20','camille',11,'pass','carnet-day','Voyageur, carnet de journées','2026-11-08',15000,2000,'card',0,'',NULL);
INSERT INTO "sales" VALUES(11,'2026-11-20T09:00:00.000Z','2026-11-20','camille',12,'pass','ticket-hour','Campeur, une heure','2026-11-08',300,2000,'card',0,'',NULL);
INSERT INTO "sales" VALUES(12,'2026-11-20T09:00:00.000Z','2026-11-20','camille',12,'pass','ticket-hour','Campeur, une heure','2026-11-08',300,2000,'card',0,'',NULL);
INSERT INTO "sales" VALUES(13,'2026-11-20T09:00:00.000Z','2026-11-20','camille',12,'pass','ticket-hour','Campeur, une heure','2026-11-08',300,2000,'card',0,'',NULL);
INSERT INTO "sales" VALUES(14,'2026-11-20T09:00:00.000Z','2026-11-20','camille',13,'pass','carnet-half-day','Voyageur, carnet de demi-journées','2026-11-08',9000,2000,'card',0,'',NULL);
INSERT INTO "sales" VALUES(15,'2026-11-20T09:00:00.000Z','2026-11-20','camille',14,'pass','ticket-half-day','Campeur, une demi-journée','2026-11-08',900,2000,'card',0,'',NULL);
INSERT INTO "sales" VALUES(16,'2026-11-20T09:00:00.000Z','2026-11-20','camille',15,'pass','resident','Résident','2026-11-08',28000,2000,'card',0,'',NULL);
INSERT INTO "sales" VALUES(17,'2026-11-27T14:21:52.702Z','2026-11-27','root',2,'pass','carnet-day','Voyageur, carnet de journées','2026-11-27',15000,2000,'card',0,'',NULL);
INSERT INTO "sales" VALUES(18,'2026-11-27T14:21:53.918Z','2026-11-27','root',3,'pass','nomade','Nomade','2026-11-27',9000,2000,'transfer',1,'ménage du lundi',NULL);
INSERT INTO "sales" VALUES(19,'2026-11-27T14:22:01.312Z','2026-11-27','root',2,'pass','carnet-day','Voyageur, carnet de journées','2026-11-27',-15000,2000,'card',0,'erreur de carnet',17);
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    operator TEXT NOT NULL REFERENCES operators (name) ON DELETE CASCADE,
    began_at TEXT NOT NULL,
    ends_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE settings_in_force (
    valid_from TEXT PRIMARY KEY,
    hours TEXT NOT NULL,
    rules TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE settlements (
    id INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    at TEXT NOT NULL,
    operator TEXT NOT NULL
) STRICT;
CREATE TABLE standings (
    member INTEGER PRIMARY KEY REFERENCES members (id),
    settled_at TEXT NOT NULL,
    due_at TEXT,
    owed_cents INTEGER NOT NULL,
    credit_cents INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    half_day INTEGER NOT NULL,
    day INTEGER NOT NULL,
    golden INTEGER NOT NULL,
    nomade_left INTEGER,
    covered_by TEXT,
    expires TEXT
) STRICT;
INSERT INTO "standings" VALUES(1,'2026-11-26T12:04:00.000Z','2026-12-07T23:00:00.000Z',0,0,0,0,0,0,NULL,'resident',NULL);
INSERT INTO "standings" VALUES(2,'2026-11-27T14:22:01.312Z','2026-12-07T23:00:00.000Z',0,0,0,2,0,1,27,'nomade','2027-11-07');
INSERT INTO "standings" VALUES(3,'2026-11-27T14:21:53.918Z','2026-12-26T23:00:00.000Z',0,0,0,8,0,2,30,'nomade','2027-11-07');
INSERT INTO "standings" VALUES(4,'2026-11-27T14:22:02.568Z','2027-11-07T23:00:00.000Z',0,0,0,0,7,1,NULL,NULL,'2027-11-07');
INSERT INTO "standings" VALUES(5,'2026-11-26T12:04:00.000Z',NULL,4200,0,0,0,0,0,NULL,NULL,NULL);
INSERT INTO "standings" VALUES(6,'2026-11-20T09:00:00.000Z','2026-12-07T23:00:00.000Z',0,0,0,0,0,1,30,'nomade','2027-11-07');
INSERT INTO "standings" VALUES(7,'2026-11-20T09:00:00.000Z','2027-11-07T23:00:00.000Z',0,0,0,11,0,1,NULL,NULL,'2027-11-07');
INSERT INTO "standings" VALUES(8,'2026-11-20T09:00:00.000Z','2027-11-07T23:00:00.000Z',0,0,0,1,0,0,NULL,NULL,'2027-11-07');
INSERT INTO "standings" VALUES(9,'2026-11-20T09:00:00.000Z','2026-11-20T09:20:00.001Z',0,0,0,0,0,0,NULL,'resident',NULL);
INSERT INTO "standings" VALUES(10,'2026-11-20T09:00:00.000Z','2026-11-20T09:40:00.001Z',0,0,0,0,0,1,29,'nomade','2027-11-07');
INSERT INTO "standings" VALUES(11,'2026-11-20T09:00:00.000Z','2026-11-20T09:59:00.001Z',0,0,0,0,10,1,NULL,NULL,'2027-11-07');
INSERT INTO "standings" VALUES(12,'2026-11-20T09:00:00.000Z','2026-11-20T09:36:00.001Z',0,0,1,0,0,0,NULL,NULL,'2027-11-07');
INSERT INTO "standings" VALUES(13,'2026-11-20T09:00:00.000Z','2026-11-20T09:58:00.001Z',0,0,0,10,0,1,NULL,NULL,'2027-11-07');
INSERT INTO "standings" VALUES(14,'2026-11-20T09:00:00.000Z','2026-11-20T09:13:00.001Z',0,0,0,0,0,0,NULL,NULL,NULL);
INSERT INTO "standings" VALUES(15,'2026-11-20T09:00:00.000Z','2026-11-20T09:27:00.001Z',0,0,0,0,0,0,NULL,'resident',NULL);
INSERT INTO "standings" VALUES(16,'2026-11-20T09:00:00.000Z','2026-11-20T09:39:00.001Z',300,0,0,0,0,0,NULL,NULL,NULL);
CREATE TABLE stays (
    member INTEGER NOT NULL REFERENCES members (id),
    day TEXT NOT NULL,
    nth INTEGER NOT NULL,
    began_at TEXT NOT NULL,
    ended_at TEXT,
    automatic INTEGER NOT NULL CHECK (automatic IN (0, 1)),
    PRIMARY KEY (member, day, nth)
) STRICT, WITHOUT ROWID;
INSERT INTO "stays" VALUES(1,'2026-11-23',0,'2026-11-23T08:00:00.000Z','2026-11-23T11:20:00.000Z',0);
INSERT INTO "stays" VALUES(1,'2026-11-24',0,'2026-11-24T08:00:00.000Z','2026-11-24T11:20:00.000Z',0);
INSERT INTO "stays" VALUES(1,'2026-11-26',0,'2026-11-26T08:00:00.000Z','2026-11-26T11:20:00.000Z',0);
INSERT INTO "stays" VALUES(2,'2026-11-23',0,'2026-11-23T08:07:00.000Z','2026-11-23T11:31:00.000Z',0);
INSERT INTO "stays" VALUES(2,'2026-11-24',0,'2026-11-24T08:07:00.000Z','2026-11-24T11:31:00.000Z',0);
INSERT INTO "stays" VALUES(2,'2026-11-26',0,'2026-11-26T08:07:00.000Z','2026-11-26T11:31:00.000Z',0);
INSERT INTO "stays" VALUES(3,'2026-11-23',0,'2026-11-23T08:14:00.000Z','2026-11-23T11:42:00.000Z',0);
INSERT INTO "stays" VALUES(3,'2026-11-24',0,'2026-11-24T08:14:00.000Z','2026-11-24T11:42:00.000Z',0);
INSERT INTO "stays" VALUES(3,'2026-11-26',0,'2026-11-26T08:14:00.000Z','2026-11-26T11:42:00.000Z',0);
INSERT INTO "stays" VALUES(4,'2026-11-20',0,'2026-11-20T07:25:00.000Z',NULL,0);
INSERT INTO "stays" VALUES(4,'2026-11-23',0,'2026-11-23T08:21:00.000Z','2026-11-23T11:53:00.000Z',0);
INSERT INTO "stays" VALUES(4,'2026-11-24',0,'2026-11-24T08:21:00.000Z','2026-11-24T11:53:00.000Z',0);
INSERT INTO "stays" VALUES(4,'2026-11-26',0,'2026-11-26T08:21:00.000Z','2026-11-26T11:53:00.000Z',0);
INSERT INTO "stays" VALUES(5,'2026-11-19',0,'2026-11-19T08:00:00.000Z','2026-11-19T17:00:00.000Z',0);
INSERT INTO "stays" VALUES(5,'2026-11-23',0,'2026-11-23T08:28:00.000Z','2026-11-23T12:04:00.000Z',0);
INSERT INTO "stays" VALUES(5,'2026-11-24',0,'2026-11-24T08:28:00.000Z','2026-11-24T12:04:00.000Z',0);
INSERT INTO "stays" VALUES(5,'2026-11-26',0,'2026-11-26T08:28:00.000Z','2026-11-26T12:04:00.000Z',0);
INSERT INTO "stays" VALUES(9,'2026-11-20',0,'2026-11-20T06:20:00.000Z',NULL,0);
INSERT INTO "stays" VALUES(10,'2026-11-20',0,'2026-11-20T06:40:00.000Z',NULL,0);
INSERT INTO "stays" VALUES(11,'2026-11-20',0,'2026-11-20T06:59:00.000Z',NULL,0);
INSERT INTO "stays" VALUES(12,'2026-11-20',0,'2026-11-20T07:36:00.000Z',NULL,0);
INSERT INTO "stays" VALUES(13,'2026-11-20',0,'2026-11-20T07:58:00.000Z',NULL,0);
INSERT INTO "stays" VALUES(14,'2026-11-20',0,'2026-11-20T08:13:00.000Z',NULL,0);
INSERT INTO "stays" VALUES(15,'2026-11-20',0,'2026-11-20T08:27:00.000Z',NULL,0);
INSERT INTO "stays" VALUES(16,'2026-11-20',0,'2026-11-20T08:39:00.000Z',NULL,0);
CREATE TABLE tallies (
    name TEXT PRIMARY KEY,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE unit_states (
    unit TEXT PRIMARY KEY REFERENCES units (name),
    heard_at TEXT NOT NULL,
    state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE units (
    name TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('door', 'room', 'desk')),
    room TEXT,
    added_at TEXT NOT NULL,
    removed_at TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO "units" VALUES('comptoir','desk',NULL,'2026-10-11T09:00:00.000Z',NULL);
INSERT INTO "units" VALUES('porte-arriere','door',NULL,'2026-10-11T09:00:00.000Z',NULL);
INSERT INTO "units" VALUES('porte-avant','door',NULL,'2026-10-11T09:00:00.000Z',NULL);
INSERT INTO "units" VALUES('salle-appels','room','appels','2026-10-11T09:00:00.000Z',NULL);
INSERT INTO "units" VALUES('salle-atelier','room','atelier','2026-10-11T09:00:00.000Z',NULL);
INSERT INTO "units" VALUES('salle-bureau-3','room','bureau-3','2026-10-11T09:00:00.000Z',NULL);
INSERT INTO "units" VALUES('salle-bureau-4','room','bureau-4','2026-10-11T09:00:00.000Z',NULL);
INSERT INTO "units" VALUES('salle-open-space','room','open-space','2026-10-11T09:00:00.000Z',NULL);
INSERT INTO "units" VALUES('salle-reunion','room','reunion','2026-10-11T09:00:00.000Z',NULL);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE UNIQUE INDEX badges_in_use ON badges (credential) WHERE ended_at IS NULL;
CREATE INDEX badges_by_credential ON badges (credential, id);
CREATE INDEX badges_by_member ON badges (member);
CREATE INDEX guests_by_day ON guests (day);
CREATE INDEX guests_inside ON guests (day) WHERE left_at IS NULL;
CREATE INDEX events_by_time ON events (at);
CREATE INDEX events_by_member ON events (member, day) WHERE member IS NOT NULL;
CREATE INDEX events_nameless ON events (day) WHERE member IS NULL AND kind = 'passage';
CREATE INDEX stays_by_day ON stays (day);
CREATE INDEX stays_open ON stays (day) WHERE ended_at IS NULL;
CREATE INDEX remarks_by_day ON remarks (day);
CREATE INDEX desk_entries_by_member ON desk_entries (member, day);
CREATE INDEX settlements_by_day ON settlements (day);
CREATE INDEX sessions_by_operator ON sessions (operator);
CREATE INDEX changes_by_member ON changes (member) WHERE member IS NOT NULL;
CREATE UNIQUE INDEX muster_under_way ON musters (ended_at IS NULL) WHERE ended_at IS NULL;
CREATE INDEX sales_by_member ON sales (member, day);
CREATE INDEX payments_by_member ON sales (member, day) WHERE what = 'debt';
CREATE UNIQUE INDEX sales_cancelled ON sales (cancels) WHERE cancels IS NOT NULL;
CREATE INDEX sales_by_day ON sales (day);
CREATE UNIQUE INDEX gifts_cancelled ON gifts (cancels) WHERE cancels IS NOT NULL;
CREATE INDEX held_passes_by_member ON held_passes (member, last_day);
CREATE INDEX lots_by_member ON lots (member, first_day);
CREATE INDEX prolongations_by_lot ON prolongations (lot);
CREATE INDEX corrections_by_member ON corrections (member, day);
CREATE INDEX ledger_by_member ON ledger (member, day);
CREATE INDEX guests_golden ON guests (member, day) WHERE golden = 1;
CREATE INDEX guests_invited ON guests (invited, day) WHERE invited IS NOT NULL;
CREATE INDEX day_books_by_day ON day_books (day);
CREATE INDEX expired_lots_by_member ON expired_lots (member);
CREATE INDEX standings_due ON standings (due_at) WHERE due_at IS NOT NULL;
CREATE TRIGGER sales_update BEFORE UPDATE ON sales BEGIN
    SELECT RAISE(ABORT, 'sales: what is written stays');
END;
CREATE TRIGGER sales_delete BEFORE DELETE ON sales BEGIN
    SELECT RAISE(ABORT, 'sales: what is written stays');
END;
CREATE TRIGGER sales_replace BEFORE INSERT ON sales WHEN NEW.number IN (SELECT number FROM sales) BEGIN
    SELECT RAISE(ABORT, 'sales: what is written stays');
END;
CREATE TRIGGER gifts_update BEFORE UPDATE ON gifts BEGIN
    SELECT RAISE(ABORT, 'gifts: what is written stays');
END;
CREATE TRIGGER gifts_delete BEFORE DELETE ON gifts BEGIN
    SELECT RAISE(ABORT, 'gifts: what is written stays');
END;
CREATE TRIGGER gifts_replace BEFORE INSERT ON gifts WHEN NEW.id IN (SELECT id FROM gifts) BEGIN
    SELECT RAISE(ABORT, 'gifts: what is written stays');
END;
CREATE TRIGGER held_passes_update BEFORE UPDATE ON held_passes BEGIN
    SELECT RAISE(ABORT, 'held_passes: what is written stays');
END;
CREATE TRIGGER held_passes_delete BEFORE DELETE ON held_passes BEGIN
    SELECT RAISE(ABORT, 'held_passes: what is written stays');
END;
CREATE TRIGGER held_passes_replace BEFORE INSERT ON held_passes WHEN NEW.id IN (SELECT id FROM held_passes) BEGIN
    SELECT RAISE(ABORT, 'held_passes: what is written stays');
END;
CREATE TRIGGER lots_update BEFORE UPDATE ON lots BEGIN
    SELECT RAISE(ABORT, 'lots: what is written stays');
END;
CREATE TRIGGER lots_delete BEFORE DELETE ON lots BEGIN
    SELECT RAISE(ABORT, 'lots: what is written stays');
END;
CREATE TRIGGER lots_replace BEFORE INSERT ON lots WHEN NEW.id IN (SELECT id FROM lots) BEGIN
    SELECT RAISE(ABORT, 'lots: what is written stays');
END;
CREATE TRIGGER prolongations_update BEFORE UPDATE ON prolongations BEGIN
    SELECT RAISE(ABORT, 'prolongations: what is written stays');
END;
CREATE TRIGGER prolongations_delete BEFORE DELETE ON prolongations BEGIN
    SELECT RAISE(ABORT, 'prolongations: what is written stays');
END;
CREATE TRIGGER prolongations_replace BEFORE INSERT ON prolongations WHEN NEW.id IN (SELECT id FROM prolongations) BEGIN
    SELECT RAISE(ABORT, 'prolongations: what is written stays');
END;
CREATE TRIGGER corrections_update BEFORE UPDATE ON corrections BEGIN
    SELECT RAISE(ABORT, 'corrections: what is written stays');
END;
CREATE TRIGGER corrections_delete BEFORE DELETE ON corrections BEGIN
    SELECT RAISE(ABORT, 'corrections: what is written stays');
END;
CREATE TRIGGER corrections_replace BEFORE INSERT ON corrections WHEN NEW.id IN (SELECT id FROM corrections) BEGIN
    SELECT RAISE(ABORT, 'corrections: what is written stays');
END;
CREATE TRIGGER ledger_update BEFORE UPDATE ON ledger BEGIN
    SELECT RAISE(ABORT, 'ledger: what is written stays');
END;
CREATE TRIGGER ledger_delete BEFORE DELETE ON ledger BEGIN
    SELECT RAISE(ABORT, 'ledger: what is written stays');
END;
CREATE TRIGGER ledger_replace BEFORE INSERT ON ledger WHEN NEW.id IN (SELECT id FROM ledger) BEGIN
    SELECT RAISE(ABORT, 'ledger: what is written stays');
END;
CREATE INDEX desk_rooms_by_time ON desk_rooms (at);
CREATE INDEX events_of_rooms ON events (at) WHERE kind = 'room';
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('members',17);
COMMIT;